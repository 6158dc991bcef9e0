import { svg } from '../markup.js'
import type { Markup } from '../markup.js'
import type { Row } from './row.js'

const noteHeight = 14

export const nameHeight = ({ notes }: Row): number => 12 + notes.length * noteHeight

/** What a row shows, at its left: the name, and the notes below. */
export function drawName({ label, notes }: Row): Markup {
  const lines = notes.map(({ text, isLoss }, index) => {
    const kind = isLoss ? 'note lost' : 'note'
    return svg`<text class="${kind}" y="${12 + (index + 1) * noteHeight}">${text}</text>`
  })
  return svg`<text class="name" y="12">${label}</text>${lines}`
}
