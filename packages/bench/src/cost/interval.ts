/** A median, and where that of all runs there could be lies with at least 95 % confidence. */
export interface Interval {
  readonly median: number
  readonly low: number
  readonly high: number
}

/**
 * The interval of the sign test: two order statistics. It asks nothing of the distribution, so a run that was disturbed
 * moves it no further than any other run. Fewer than six values leave it without ends.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b)
  const left = countOutside(sorted.length)
  return {
    median: medianOf(sorted),
    low: left === 0 ? -Infinity : (sorted[left - 1] ?? Number.NaN),
    high: left === 0 ? Infinity : (sorted[sorted.length - left] ?? Number.NaN),
  }
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper
}

/** The rank of the lower end: how many coins of `count` show heads, or fewer, in less than 2.5 % of all throws. */
function countOutside(count: number): number {
  let probability = 0.5 ** count
  let sum = 0
  for (let heads = 0; heads <= count; heads++) {
    sum += probability
    if (sum > 0.025) return heads
    probability *= (count - heads) / (heads + 1)
  }
  return 0
}
