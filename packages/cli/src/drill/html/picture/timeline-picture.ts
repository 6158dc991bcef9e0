import type { Recording } from '../../observation/recording.js'
import { saysNoSuchPath } from '../../probes/balancer-view.js'
import { formatExit } from '../../text/format-exit.js'
import { formatMs } from '../../text/format-number.js'
import { countedFrom } from '../loss-counts.js'
import { html } from '../markup.js'
import type { Markup } from '../markup.js'
import { drawAppRow } from '../rows/app-row.js'
import { drawChecksRow } from '../rows/checks-row.js'
import { drawConnectionsRow } from '../rows/connections-row.js'
import { drawOutsideRow } from '../rows/outside-row.js'
import { drawRequestsRow } from '../rows/requests-row.js'
import type { RequestsRow } from '../rows/requests-row.js'
import type { ShutdownReport } from '../rows/shutdown-report.js'
import { axisHeight, drawAxis } from './axis.js'
import { layOutMoments } from './moment-lines.js'
import type { Moment } from './moment-lines.js'
import { momentsOf } from './moments.js'
import { drawName, nameHeight } from './row-name.js'
import type { Row } from './row.js'
import { createScale } from './scale.js'
import type { Scale } from './scale.js'
import { chooseWindow } from './window.js'

export interface PictureOptions {
  readonly recording: Recording
  readonly appReport: ShutdownReport | undefined
  readonly graceMs: number
  /** How many losses of a group may have a tooltip of their own. */
  readonly mostTitles: number
  /** What the picture shows, in a sentence or two. */
  readonly description: string
}

export interface Picture {
  readonly svg: Markup
  /** How many answered requests are in the picture, and how many there were. */
  readonly drawn: number
  readonly answered: number
}

const width = 960
const gutter = 132
const rowGap = 12

/** One restart as a picture: what happened when, one row per point of view, all on one axis of time. */
export function drawTimeline(options: PictureOptions): Picture {
  const { recording, appReport, graceMs, description } = options
  const { result } = recording
  const scale = createScale(chooseWindow(recording, graceMs), [gutter, width - 8])
  const moments = layOutMoments(listMoments(recording, graceMs), scale)
  const [own, others] = drawRequests(options, scale)
  const rows: readonly Row[] = [
    drawOutsideRow(recording, scale),
    ...(appReport ? [drawAppRow(appReport, scale)] : []),
    ...drawChecks(recording, scale),
    own,
    ...(others ? [others] : []),
    drawConnectionsRow(recording.connections, scale),
  ]
  let y = moments.height
  const drawnRows = rows.map((row) => {
    const top = y
    y += Math.max(row.height, nameHeight(row)) + rowGap
    return html`<g transform="translate(0 ${top})">${drawName(row)}${row.body}</g>`
  })
  const id = `picture-${result.number}`
  const svg = html`<svg
    role="img"
    aria-labelledby="${id}-title ${id}-description"
    viewBox="0 0 ${width} ${y + axisHeight}"
  >
    <title id="${id}-title">Timeline of restart ${result.number}, ${result.instance}</title>
    <desc id="${id}-description">${description}</desc>
    ${drawAxis(scale, moments.height, y)} ${moments.draw(y)} ${drawnRows}
  </svg>`
  const answered = recording.notKept + own.answered + (others?.answered ?? 0)
  return { svg, drawn: own.drawn + (others?.drawn ?? 0), answered }
}

/** Liveness only of an app that has a path for it. */
function drawChecks({ readiness, liveness }: Recording, scale: Scale): readonly Row[] {
  const isLiveness = liveness.some(({ status }) => status !== undefined && !saysNoSuchPath(status))
  return [
    drawChecksRow('Readiness', readiness, scale),
    ...(isLiveness ? [drawChecksRow('Liveness', liveness, scale)] : []),
  ]
}

function drawRequests(
  { recording, mostTitles }: PictureOptions,
  scale: Scale,
): readonly [RequestsRow, RequestsRow | undefined] {
  const { instance } = recording.result
  const shared = { mostTitles, countedFromMs: countedFrom(recording) }
  const here = recording.requests.filter((request) => request.instance === instance)
  const elsewhere = recording.requests.filter((request) => request.instance !== instance)
  const own = {
    ...shared,
    label: 'Requests',
    requests: here,
    lane: { height: 6, most: 30 },
    className: 'own',
  }
  const other = {
    ...shared,
    label: 'Other instances',
    requests: elsewhere,
    lane: { height: 4, most: 24 },
    className: 'others',
  }
  return [drawRequestsRow(own, scale), elsewhere.length > 0 ? drawRequestsRow(other, scale) : undefined]
}

function listMoments({ result }: Recording, graceMs: number): readonly Moment[] {
  const { exitMs, readyMs } = momentsOf(result)
  return [
    { atMs: 0, label: 'SIGTERM', kind: 'signal' },
    { atMs: exitMs, label: `exit ${formatExit(result)}, ${formatMs(exitMs)}`, kind: 'exit' },
    { atMs: readyMs, label: `ready, ${formatMs(readyMs)}`, kind: 'ready' },
    { atMs: graceMs, label: `grace period ends, ${formatMs(graceMs)}`, kind: 'deadline' },
  ]
}
