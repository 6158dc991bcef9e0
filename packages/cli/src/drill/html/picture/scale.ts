/** Where a moment is in the picture. Moments outside are at its edge. */
export interface Scale {
  (ms: number): number
  readonly fromMs: number
  readonly toMs: number
  readonly left: number
  readonly right: number
}

export function createScale(
  [fromMs, toMs]: readonly [number, number],
  [left, right]: readonly [number, number],
): Scale {
  const widthPerMs = toMs > fromMs ? (right - left) / (toMs - fromMs) : 0
  const place = (ms: number): number => left + (Math.min(Math.max(ms, fromMs), toMs) - fromMs) * widthPerMs
  return Object.assign(place, { fromMs, toMs, left, right })
}

/** Round moments of a scale, no more than `most`: steps of 1, 2 or 5 times a power of ten. */
export function chooseTicks({ fromMs, toMs }: Scale, most: number): readonly number[] {
  const step = roundUp((toMs - fromMs) / most)
  const first = Math.ceil(fromMs / step)
  const count = Math.max(0, Math.floor(toMs / step) - first + 1)
  // "+ 0", since -0 is not a moment that anybody wants to read
  return Array.from({ length: count }, (_, index) => (first + index) * step + 0)
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  const digit = [1, 2, 5].find((one) => one * power >= value)
  return (digit ?? 10) * power
}

/** A coordinate as it is written: a tenth is enough for any screen. */
export const coordinate = (value: number): number => Math.round(value * 10) / 10 + 0
