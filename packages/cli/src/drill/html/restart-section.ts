import type { Recording } from '../observation/recording.js'
import { formatMs, formatNumber } from '../text/format-number.js'
import { countLosses, formatLosses } from './loss-counts.js'
import { html } from './markup.js'
import type { Markup } from './markup.js'
import { drawTimeline } from './picture/timeline-picture.js'
import type { Picture } from './picture/timeline-picture.js'
import { describePhase } from './rows/app-row.js'
import { findShutdownReport } from './rows/shutdown-report.js'
import type { ShutdownReport } from './rows/shutdown-report.js'

export interface RestartSectionOptions {
  readonly recording: Recording
  readonly graceMs: number
  readonly mostTitles: number
  readonly isOpen: boolean
}

/** One restart: a line that can be unfolded into the picture and what it says in words. */
export function createRestartSection({ recording, isOpen, ...options }: RestartSectionOptions): Markup {
  const { result } = recording
  const appReport = findShutdownReport(recording.output)
  const cost = describeCost(recording)
  const end = describeEnd(recording)
  const description = `${end} ${cost}`
  const picture = drawTimeline({ ...options, recording, appReport, description })
  const open = isOpen ? html` open` : undefined
  const kind = result.lost > 0 ? 'lost' : 'kept'
  return html`<details class="restart" ${open}>
    <summary>
      <b>Restart ${result.number}</b>, ${result.instance}: <span class="${kind}">${cost}</span>
      <span class="end">${end}</span>
    </summary>
    <figure id="restart-${result.number}">
      <div class="picture" tabindex="0" role="group" aria-label="Picture of restart ${result.number}">
        ${picture.svg}
      </div>
      <figcaption>${createCaption(recording, appReport, picture)}</figcaption>
    </figure>
  </details>`
}

function describeCost(recording: Recording): string {
  const { requests, lost } = recording.result
  if (lost === 0) return `None of ${formatNumber(requests)} requests lost.`
  const kinds = formatLosses(countLosses(recording))
  return `${formatNumber(lost)} of ${formatNumber(requests)} requests lost: ${kinds}.`
}

function describeEnd({ result }: Recording): string {
  const { forced, exitCode, exitSignal, stopMs, startMs } = result
  const how = exitSignal === null ? `Exit ${exitCode}` : `Ended by ${exitSignal}`
  return `${forced ? 'Stopped by force' : how} after ${formatMs(stopMs)}, ready after another ${formatMs(startMs)}.`
}

/** Events that the picture and the summary tell already. */
const hasLine = /^(?:SIGTERM sent|exit,.*|started again|ready)$/

function createCaption(
  recording: Recording,
  appReport: ShutdownReport | undefined,
  picture: Picture,
): Markup {
  const { drawn, answered } = picture
  const events = recording.result.timeline
    .filter(({ event }) => !hasLine.test(event))
    .map(({ atMs, event }) => html`<li><b>${formatMs(atMs)}</b> ${event}</li>`)
  const thinned =
    drawn < answered &&
    html`<p>
      Of ${formatNumber(answered)} answered requests ${formatNumber(drawn)} are drawn. Nothing that was lost
      is left out.
    </p>`
  return html`<ol class="events">
      ${events}
    </ol>
    ${thinned || undefined}${appReport && describeReport(appReport)}`
}

function describeReport({ verdict, phases, graceMs }: ShutdownReport): Markup {
  const grace = graceMs === undefined ? '' : ` of a grace period of ${formatMs(graceMs)}`
  const took = phases.reduce((sum, { tookMs }) => sum + tookMs, 0)
  const list = phases.map(describePhase).join(', ')
  return html`<p>The app&rsquo;s own report: ${verdict}, ${formatMs(took)}${grace}: ${list}.</p>`
}
