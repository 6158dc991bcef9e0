import { formatNumber } from '../text/format-number.js'

/** `restart 3, instance 1` */
export function nameRestart({
  number,
  instance,
}: {
  readonly number: number
  readonly instance: string
}): string {
  return `restart ${number}, ${instance}`
}

/** `3 requests`, `1 request` */
export function count(value: number, noun: string): string {
  return `${formatNumber(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** `12 ms after the signal`, or the first and the last of several moments. */
export function describeMoments(moments: readonly number[], since = 'the signal'): string {
  const sorted = moments.map(Math.round).toSorted((a, b) => a - b)
  const [first = 0] = sorted
  const last = sorted.at(-1) ?? first
  const span = first === last ? formatNumber(first) : `${formatNumber(first)} to ${formatNumber(last)}`
  return `${span} ms after ${since}`
}
