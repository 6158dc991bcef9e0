import type { Budget } from '../budget.js'
import type { Clock } from '../clock.js'

/** @internal Settles after `minMs`, as soon as no request has come for `quietMs`. */
export function whenQuiet(
  { minMs, quietMs }: Budget['lameDuck'],
  clock: Clock,
  lastRequestAt: () => number,
): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const waitMs = lastRequestAt() + quietMs - clock.now()
      if (waitMs <= 0) resolve()
      else clock.after(waitMs, look)
    }
    clock.after(minMs, look)
  })
}
