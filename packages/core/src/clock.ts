// the global of that name is a getter, called at each use
import { performance } from 'node:perf_hooks'

/** Undoes what was started. Calling it twice, or too late, does nothing. */
export type Cancel = () => void

/** The only source of time. Tests hand in one that they turn by hand. */
export interface Clock {
  /** Milliseconds on a monotonic clock. */
  now(): number
  /** Calls back once after `ms`. Does not keep the process alive unless `keepAlive` is true. */
  after(ms: number, callback: () => void, keepAlive?: boolean): Cancel
  /** Calls back when the event loop has polled once: whatever had arrived by now has been read by then. */
  turn(callback: () => void): void
  /** How many of its timers keep the process alive. */
  readonly held: number
}

/** Timers above this fire after 1 ms (Node docs, `setTimeout`). */
export const longestTimerMs = 2_147_483_647

const held = new Set<NodeJS.Timeout>()

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback, keepAlive = false) {
    const timer = setTimeout(
      () => {
        held.delete(timer)
        callback()
      },
      Math.max(0, ms),
    )
    if (keepAlive) held.add(timer)
    else timer.unref()
    return () => {
      held.delete(timer)
      clearTimeout(timer)
    }
  },
  get held() {
    return held.size
  },
  turn: (callback) => void setImmediate(callback),
}

/** Settles after a whole poll of the loop: what had arrived before is read. */
export const polled = (clock: Clock): Promise<void> =>
  new Promise((resolve) => clock.turn(() => clock.turn(resolve)))
