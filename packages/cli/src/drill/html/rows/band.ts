import { svg } from '../markup.js'
import type { Markup } from '../markup.js'
import { chooseText } from '../picture/fitting-text.js'
import { coordinate } from '../picture/scale.js'
import type { Scale } from '../picture/scale.js'

/** A named stretch of time. */
export interface Stretch {
  /** The class that colours it. */
  readonly kind: string
  readonly fromMs: number
  readonly toMs: number
  /** What may be written into it, the longest first. */
  readonly texts: readonly string[]
  /** Its tooltip. */
  readonly title: string
}

export const bandHeight = 22
const fontSize = 11

/** Stretches of time side by side, each with its name where there is room for it. */
export function drawBand(stretches: readonly Stretch[], scale: Scale): Markup {
  return svg`<g class="band">${stretches.map((stretch) => drawStretch(stretch, scale))}</g>`
}

function drawStretch({ kind, fromMs, toMs, texts, title }: Stretch, scale: Scale): Markup {
  const left = scale(fromMs)
  const width = scale(toMs) - left
  if (width <= 0) return svg``
  const text = chooseText(texts, width - 3, fontSize)
  const middle = coordinate(left + width / 2)
  const name = text && svg`<text x="${middle}" y="15" text-anchor="middle">${text}</text>`
  // Neighbours are told apart by a gap, whatever their colours are.
  const drawn = coordinate(Math.max(width - 1, 0.5))
  return svg`<g class="${kind}"><title>${title}</title><rect x="${coordinate(left)}" width="${drawn}" height="${bandHeight}" rx="2"/>${name}</g>`
}
