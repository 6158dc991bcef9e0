import type { RecordedRequest } from '../../observation/recording.js'
import { svg } from '../markup.js'
import type { Markup } from '../markup.js'
import { packLanes } from '../picture/lanes.js'
import { coordinate } from '../picture/scale.js'
import type { Scale } from '../picture/scale.js'

export interface AnsweredMarks {
  readonly body: Markup
  readonly height: number
  readonly drawn: number
}

const shortest = 2
const gap = 0.8

/** A bar from start to end for each request. There are thousands, so all of a method are one path. */
export function drawAnswered(
  requests: readonly RecordedRequest[],
  lane: { readonly height: number; readonly most: number },
  scale: Scale,
): AnsweredMarks {
  const span = ({ startMs, endMs }: RecordedRequest): { left: number; right: number } => {
    const left = scale(startMs)
    return { left, right: Math.max(scale(endMs), left + shortest) }
  }
  const lanes = packLanes(requests, { span, gap, most: lane.most })
  const drawMethod = (method: RecordedRequest['method']): Markup => {
    const bars = lanes.placed
      .filter(({ item }) => item.method === method)
      .map(({ item, lane: number }) => {
        const { left, right } = span(item)
        const y = coordinate((number + 0.5) * lane.height)
        return `M${coordinate(left)} ${y}h${coordinate(right - left)}`
      })
    return svg`<path class="${method}" d="${bars.join('')}"/>`
  }
  return {
    body: svg`${drawMethod('GET')}${drawMethod('POST')}`,
    height: lanes.count * lane.height,
    drawn: lanes.placed.length,
  }
}
