import type { Exchange } from '../traffic/client.js'

/** Leaves out answered requests, evenly, until no more than `most` are left. */
export function thinAnswered(exchanges: readonly Exchange[], most: number): readonly Exchange[] {
  const answered = exchanges.filter(({ outcome }) => outcome === 'ok').length
  if (answered <= most) return exchanges
  let nth = 0
  return exchanges.filter(({ outcome }) => {
    if (outcome !== 'ok') return true
    nth++
    return Math.floor((nth * most) / answered) > Math.floor(((nth - 1) * most) / answered)
  })
}
