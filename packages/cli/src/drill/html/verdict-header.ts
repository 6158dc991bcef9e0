import type { DrillReport } from '../report.js'
import { formatMs, formatNumber, formatSeconds } from '../text/format-number.js'
import { html } from './markup.js'
import type { Markup } from './markup.js'
import type { Origin } from './origin.js'
import { quoteCommand } from './quote-command.js'

/** The verdict in words, the numbers behind it, and what was drilled. */
export function createHeader(report: DrillReport, origin: Origin): Markup {
  const { passed, options, durationMs, asked, leftOut } = report
  const verdict = passed ? 'passed' : 'failed'
  return html`<header class="${verdict}">
    <p class="what">Graceful shutdown drill</p>
    <h1><span class="sign" aria-hidden="true">${passed ? '✓' : '✕'}</span>${passed ? 'Passed' : 'Failed'}</h1>
    <p class="verdict">${describe(report)}</p>
    <pre><code>${quoteCommand(options.command)}</code></pre>
    <dl>
      ${listNumbers(report).map(
        ([name, value, note]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}${note === undefined ? undefined : html` <small>${note}</small>`}</dd>
          </div>`,
      )}
    </dl>
    <p class="asked">Asked for: ${asked.join(', ')}.</p>
    ${leftOut.length > 0 ? html`<p class="asked">Left out: ${leftOut.join(', ')}.</p>` : undefined}
    <p class="origin">
      <time datetime="${origin.date.toISOString()}">${formatDate(origin.date)}</time> · took
      ${formatSeconds(durationMs)} · lastcall ${origin.version} · Node ${origin.node} · ${origin.platform} ·
      seed ${options.seed}
    </p>
  </header>`
}

function describe({ passed, traffic, restarts }: DrillReport): string {
  const times = `${formatNumber(restarts.length)} ${restarts.length === 1 ? 'restart' : 'restarts'}`
  const requests = `${formatNumber(traffic.requests)} requests`
  if (passed) return `In ${times} under traffic none of ${requests} was lost.`
  if (traffic.lost === 0)
    return `In ${times} under traffic none of ${requests} was lost, but not all was well.`
  return `In ${times} under traffic ${formatNumber(traffic.lost)} of ${requests} were lost.`
}

function listNumbers({
  traffic,
  options,
  restarts,
}: DrillReport): readonly (readonly [string, string, string?])[] {
  return [
    [
      'Requests',
      formatNumber(traffic.requests),
      `${formatNumber(traffic.gets)} GET, ${formatNumber(traffic.posts)} POST`,
    ],
    ['Lost', formatNumber(traffic.lost)],
    ['Restarts', formatNumber(restarts.length)],
    ['Instances', formatNumber(options.instances)],
    ['Clients', formatNumber(options.clients)],
    ['Grace period', formatMs(options.graceMs)],
  ]
}

function formatDate(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
