import type { Loss } from '../traffic/tally.js'

export const lossNames: Readonly<Record<Loss, string>> = {
  refused: 'refused',
  reset: 'reset',
  truncated: 'truncated',
  timedOut: 'timed out',
  serverError: 'answered 5xx',
  other: 'other',
}
