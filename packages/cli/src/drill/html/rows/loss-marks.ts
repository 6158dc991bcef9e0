import type { RecordedRequest } from '../../observation/recording.js'
import { formatMs } from '../../text/format-number.js'
import { lossNames } from '../../text/loss-names.js'
import type { Loss } from '../../traffic/tally.js'
import { svg } from '../markup.js'
import type { Markup } from '../markup.js'
import { packLanes } from '../picture/lanes.js'
import { coordinate } from '../picture/scale.js'
import type { Scale } from '../picture/scale.js'

export interface LossMarks {
  readonly body: Markup
  readonly height: number
}

export interface LossMarksOptions {
  readonly countedFromMs: number
  readonly mostTitles: number
}

const largest = 9
/** For where so much was lost that the large ones would take more than `highest`. */
const smallest = 4
const highest = 160

/** A bar and a cross at its end for each request that was lost. None is ever left out. */
export function drawLosses(
  requests: readonly RecordedRequest[],
  { countedFromMs, mostTitles }: LossMarksOptions,
  scale: Scale,
): LossMarks {
  if (requests.length === 0) return { body: svg``, height: 0 }
  const { placed, size, height } = place(requests, scale)
  const marks = placed.map(({ item, lane }) => ({
    item,
    kind: item.endMs < countedFromMs ? 'loss earlier' : 'loss',
    d: outline(item, (lane + 0.5) * (size + 1), size, scale),
  }))
  const titled = marks
    .slice(0, mostTitles)
    .map(({ item, kind, d }) => svg`<path class="${kind}" d="${d}"><title>${describe(item)}</title></path>`)
  const others = ['loss', 'loss earlier'].map((wanted) => {
    const own = marks.slice(mostTitles).filter(({ kind }) => kind === wanted)
    return own.length > 0 ? svg`<path class="${wanted}" d="${own.map(({ d }) => d).join('')}"/>` : undefined
  })
  return { body: svg`<g>${titled}${others}</g>`, height }
}

interface Layout {
  readonly placed: readonly { readonly item: RecordedRequest; readonly lane: number }[]
  readonly size: number
  readonly height: number
}

function place(requests: readonly RecordedRequest[], scale: Scale): Layout {
  const layOut = (size: number): Layout => {
    const span = ({ startMs, endMs }: RecordedRequest): { left: number; right: number } => {
      const right = scale(endMs) + size / 2
      return { left: Math.min(scale(startMs), right - size), right }
    }
    const { placed, count } = packLanes(requests, { span, gap: 1 })
    return { placed, size, height: Math.ceil(count * (size + 1)) + 3 }
  }
  const large = layOut(largest)
  return large.height <= highest ? large : layOut(smallest)
}

function outline({ startMs, endMs }: RecordedRequest, y: number, size: number, scale: Scale): string {
  const half = coordinate(size / 2)
  const x = scale(endMs)
  const bar = `M${coordinate(scale(startMs))} ${coordinate(y)}H${coordinate(x)}`
  return `${bar}m-${half}-${half}l${size} ${size}m0-${size}l-${size} ${size}`
}

function describe({ instance, method, outcome, status, startMs, endMs }: RecordedRequest): string {
  const how = lossNames[outcome as Loss] // only what was lost is drawn here
  const answer = status === undefined ? 'no status' : `status ${status}`
  return `${method} to ${instance}, ${how}, ${answer}, ${formatMs(startMs)} to ${formatMs(endMs)}`
}
