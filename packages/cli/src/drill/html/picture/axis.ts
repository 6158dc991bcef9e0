import { formatNumber } from '../../text/format-number.js'
import { svg } from '../markup.js'
import type { Markup } from '../markup.js'
import { chooseTicks, coordinate } from './scale.js'
import type { Scale } from './scale.js'

export const axisHeight = 22

/** Faint lines down to `bottom`, and the times below it. */
export function drawAxis(scale: Scale, top: number, bottom: number): Markup {
  const ticks = chooseTicks(scale, 10).map((ms) => {
    const x = coordinate(scale(ms))
    return svg`<path d="M${x} ${top}V${bottom}"/><text x="${x}" y="${bottom + 15}" text-anchor="${x > scale.right - 20 ? 'end' : 'middle'}">${formatNumber(ms)}</text>`
  })
  return svg`<g class="axis">${ticks}<text x="0" y="${bottom + 15}">ms after SIGTERM</text></g>`
}
