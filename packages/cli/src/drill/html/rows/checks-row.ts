import type { RecordedCheck } from '../../observation/recording.js'
import type { CheckResult } from '../../probes/health-check.js'
import { formatMs } from '../../text/format-number.js'
import { svg } from '../markup.js'
import type { Markup } from '../markup.js'
import type { Row } from '../picture/row.js'
import { coordinate } from '../picture/scale.js'
import type { Scale } from '../picture/scale.js'

const height = 16
const middle = height / 2

/** Health checks, each at the moment of its answer: told apart by shape as well as by colour. */
export function drawChecksRow(label: string, checks: readonly RecordedCheck[], scale: Scale): Row {
  const shown = checks.filter(({ endMs }) => endMs >= scale.fromMs && endMs <= scale.toMs)
  const radius = chooseRadius(shown.map(({ endMs }) => scale(endMs)))
  const body = svg`<g class="checks">${shown.map((check) => drawCheck(check, scale, radius))}</g>`
  return { label, notes: [], height, body }
}

/** Small enough that neighbours can be told apart, mostly. */
function chooseRadius(places: readonly number[]): number {
  const gaps = places
    .slice(1)
    .map((x, index) => x - (places[index] ?? x))
    .toSorted((a, b) => a - b)
  const usual = gaps[Math.floor(gaps.length / 2)] ?? Infinity
  return coordinate(Math.min(4, Math.max(1.5, usual / 2.6)))
}

function drawCheck(check: RecordedCheck, scale: Scale, radius: number): Markup {
  const { result, status, startMs, endMs } = check
  const answer = status === undefined ? resultNames[result] : `${resultNames[result]} (${status})`
  const title = `${answer} at ${formatMs(endMs)}, asked at ${formatMs(startMs)}`
  return svg`<g class="${result}"><title>${title}</title>${drawCheckMark(result, scale(endMs), radius)}</g>`
}

export const resultNames: Readonly<Record<CheckResult, string>> = {
  ready: 'yes',
  'not-ready': 'no',
  refused: 'refused',
  unanswered: 'no answer',
}

/** A disc, a ring, a cross, or a dash. */
export function drawCheckMark(result: CheckResult, x: number, radius: number): Markup {
  const left = coordinate(x - radius)
  const size = coordinate(radius * 2)
  switch (result) {
    case 'ready':
    case 'not-ready':
      return svg`<circle cx="${coordinate(x)}" cy="${middle}" r="${radius}"/>`
    case 'refused':
      return svg`<path d="M${left} ${middle - radius}l${size} ${size}m0 -${size}l-${size} ${size}"/>`
    case 'unanswered':
      return svg`<path d="M${left} ${middle}h${size}"/>`
    default:
      return result satisfies never
  }
}
