import type { RecordedRequest } from '../../observation/recording.js'
import { formatNumber } from '../../text/format-number.js'
import { svg } from '../markup.js'
import type { Note, Row } from '../picture/row.js'
import type { Scale } from '../picture/scale.js'
import { drawAnswered } from './answered-marks.js'
import { drawLosses } from './loss-marks.js'

export interface RequestsRow extends Row {
  /** How many answered requests were drawn, and how many there would have been. */
  readonly drawn: number
  readonly answered: number
}

export interface RequestsRowOptions {
  readonly label: string
  readonly requests: readonly RecordedRequest[]
  /** What was lost before this belongs to the restart before. */
  readonly countedFromMs: number
  /** Height of a lane, and how many lanes there may be. */
  readonly lane: { readonly height: number; readonly most: number }
  /** How many losses may have a tooltip of their own. */
  readonly mostTitles: number
  readonly className: string
}

/** The requests to some instances: first what was lost, then what was answered. */
export function drawRequestsRow(options: RequestsRowOptions, scale: Scale): RequestsRow {
  const { label, lane, className, countedFromMs } = options
  const requests = options.requests.filter(
    ({ startMs, endMs }) => startMs <= scale.toMs && endMs >= scale.fromMs,
  )
  const lost = requests.filter(({ outcome }) => outcome !== 'ok')
  const answered = requests.filter(({ outcome }) => outcome === 'ok')
  const losses = drawLosses(lost, options, scale)
  const bars = drawAnswered(answered, lane, scale)
  const counted = lost.filter(({ endMs }) => endMs >= countedFromMs).length
  const notes: Note[] = []
  if (counted > 0) notes.push({ text: `${formatNumber(counted)} lost`, isLoss: true })
  if (counted < lost.length) notes.push({ text: `${formatNumber(lost.length - counted)} lost earlier` })
  notes.push({ text: `${formatNumber(answered.length)} answered` })
  return {
    label,
    notes,
    height: Math.max(losses.height + bars.height, lane.height),
    body: svg`<g class="${className}">${losses.body}<g transform="translate(0 ${losses.height})">${bars.body}</g></g>`,
    drawn: bars.drawn,
    answered: answered.length,
  }
}
