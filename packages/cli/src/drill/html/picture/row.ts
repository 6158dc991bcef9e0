import type { Markup } from '../markup.js'

/** One horizontal strip of the picture: drawn from y = 0 downwards, and named at its left. */
export interface Row {
  readonly label: string
  readonly notes: readonly Note[]
  readonly height: number
  readonly body: Markup
}

export interface Note {
  readonly text: string
  readonly isLoss?: boolean
}
