/** 21412 as 21,412. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US')
}

/** 1234.5 as 1,235 ms. */
export function formatMs(ms: number): string {
  // "+ 0", since -0 is not a duration that anybody wants to read
  return `${formatNumber(Math.round(ms) + 0)} ms`
}

/** 12345 as 12.3 s. */
export function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
