import type { Clock } from '#src/clock.js'

/** A clock that stands still until it is turned. */
export interface FakeClock extends Clock {
  /** Turns it by `ms`: every timer due by then fires at its own time, in order, promises settling in between. */
  advance(ms: number): Promise<void>
  /** Turns it from timer to timer until the promise settles; rejects when no timer is left, or time is up. */
  runUntil<T>(promise: Promise<T>, limitMs?: number): Promise<T>
  /** Lets promises settle and the loop turn, without any time passing. */
  settle(): Promise<void>
  readonly pending: number
}

export function createFakeClock(): FakeClock {
  interface Timer {
    readonly at: number
    readonly callback: () => void
  }
  const timers = new Set<Timer>()
  let turns: (() => void)[] = []
  let now = 1_000

  /** A whole turn of the real loop: all microtasks have run by then. */
  const settle = async (): Promise<void> => {
    do {
      const due = turns
      turns = []
      for (const callback of due) callback()
      await new Promise((resolve) => setImmediate(resolve))
    } while (turns.length > 0)
  }
  // of those due at the same time the one that was started first
  const next = (): Timer | undefined =>
    [...timers].reduce<Timer | undefined>(
      (first, timer) => (!first || timer.at < first.at ? timer : first),
      undefined,
    )
  const fire = async (timer: Timer): Promise<void> => {
    timers.delete(timer)
    now = Math.max(now, timer.at)
    timer.callback()
    await settle()
  }

  return {
    now: () => now,
    after(ms, callback) {
      if (Number.isNaN(ms)) throw new Error('a timer was started with NaN')
      const timer = { at: now + Math.max(0, ms), callback }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    held: 0,
    turn: (callback) => void turns.push(callback),
    settle,
    get pending() {
      return timers.size
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (let timer = next(); timer && timer.at <= end; timer = next()) await fire(timer)
      now = end
    },
    async runUntil(promise, limitMs = Infinity) {
      const state = { settled: false }
      const done = (): void => {
        state.settled = true
      }
      promise.then(done, done)
      const end = now + limitMs
      await settle()
      while (!state.settled) {
        const timer = next()
        if (!timer || timer.at > end) throw new Error(`not settled after ${Math.min(limitMs, now)} ms`)
        await fire(timer)
      }
      return promise
    },
  }
}
