import { svg } from '../markup.js'
import type { Markup } from '../markup.js'
import { estimateWidth } from './fitting-text.js'
import { coordinate } from './scale.js'
import type { Scale } from './scale.js'

/** A moment that concerns all rows. One that comes after the end of the picture is only named. */
export interface Moment {
  readonly atMs: number
  readonly label: string
  readonly kind: string
}

export interface MomentLines {
  /** What the labels take above the rows. */
  readonly height: number
  /** Draws lines down to `bottom`. */
  draw(bottom: number): Markup
}

const fontSize = 12
const lineHeight = 16

/** Vertical lines with labels on top: one line of text, or more where they would be in each other's way. */
export function layOutMoments(moments: readonly Moment[], scale: Scale): MomentLines {
  const ends: number[] = []
  const placed = moments
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((moment) => {
      const x = scale(moment.atMs)
      const isBeyond = moment.atMs > scale.toMs
      const label = isBeyond ? `${moment.label} →` : moment.label
      const width = estimateWidth(label, fontSize) + 8
      const isLeft = x + width > scale.right
      const left = isLeft ? x - width : x
      const free = ends.findIndex((end) => end + 12 <= left)
      const line = free === -1 ? ends.length : free
      ends[line] = isLeft ? x : x + width
      return { kind: moment.kind, label, x: coordinate(x), isBeyond, isLeft, line }
    })
  const height = ends.length * lineHeight + 4
  return {
    height,
    draw: (bottom) =>
      // All lines first: a label may lie over the line of another moment.
      svg`<g class="moments">${placed.map(({ kind, x, isBeyond, line }) =>
        isBeyond ? undefined : svg`<path class="${kind}" d="M${x} ${line * lineHeight + 2}V${bottom}"/>`,
      )}${placed.map(({ kind, label, x, isLeft, line }) => {
        const at = svg`x="${x + (isLeft ? -4 : 4)}" y="${(line + 1) * lineHeight - 4}"`
        return svg`<text class="${kind}" ${at} text-anchor="${isLeft ? 'end' : 'start'}">${label}</text>`
      })}</g>`,
  }
}
