/** How a request ended for the client that sent it. Everything but `ok` is a loss. */
export type Outcome = 'ok' | 'refused' | 'reset' | 'truncated' | 'timedOut' | 'serverError' | 'other'

export type Loss = Exclude<Outcome, 'ok'>

/** In the order in which they are printed. */
export const losses: readonly Loss[] = ['refused', 'reset', 'truncated', 'timedOut', 'serverError', 'other']

export interface Tally {
  readonly requests: number
  readonly gets: number
  readonly posts: number
  readonly lost: number
  readonly outcomes: Readonly<Record<Outcome, number>>
}

export interface Counter {
  count(method: string, outcome: Outcome): void
  tally(): Tally
}

export function createCounter(): Counter {
  const outcomes = { ok: 0, refused: 0, reset: 0, truncated: 0, timedOut: 0, serverError: 0, other: 0 }
  let requests = 0
  let posts = 0
  return {
    count(method, outcome) {
      requests++
      if (method === 'POST') posts++
      outcomes[outcome]++
    },
    tally: () => ({
      requests,
      gets: requests - posts,
      posts,
      lost: requests - outcomes.ok,
      outcomes: { ...outcomes },
    }),
  }
}
