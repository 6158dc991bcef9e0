/**
 * The most closes in any window of a twentieth of `spreadMs`, wherever it begins, as a multiple of what an even spread has in
 * one. Times in ms, in any order.
 */
export function peakOf(times: readonly number[], spreadMs: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  const windowMs = spreadMs / windowsOfSpread
  let most = 0
  let first = 0
  for (const [place, time] of sorted.entries()) {
    while ((sorted[first] ?? time) <= time - windowMs) first += 1
    most = Math.max(most, place - first + 1)
  }
  return most / (sorted.length / windowsOfSpread)
}

export const windowsOfSpread = 20
