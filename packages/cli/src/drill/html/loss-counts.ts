import type { Recording } from '../observation/recording.js'
import { formatNumber } from '../text/format-number.js'
import { lossNames } from '../text/loss-names.js'
import { losses } from '../traffic/tally.js'
import type { Loss } from '../traffic/tally.js'

/** What a restart has cost, by kind: everything that ended between its signal and the next. */
export function countLosses({ requests, countedToMs }: Recording): ReadonlyMap<Loss, number> {
  const counts = new Map<Loss, number>()
  for (const { outcome, endMs } of requests) {
    if (outcome === 'ok' || endMs < 0 || endMs > countedToMs) continue
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  return counts
}

/** What was lost before this is counted with the restart before, or else, before the first one, has no other place. */
export const countedFrom = ({ result }: Recording): number => (result.number === 1 ? -Infinity : 0)

/** As in "12 reset, 3 refused". */
export function formatLosses(counts: ReadonlyMap<Loss, number>): string {
  return losses
    .filter((loss) => counts.has(loss))
    .map((loss) => `${formatNumber(counts.get(loss) ?? 0)} ${lossNames[loss]}`)
    .join(', ')
}
