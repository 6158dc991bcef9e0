import type { Cancel, Clock } from './clock.js'

/**
 * The timers of one shutdown. They keep the process alive: a promise that never settles holds no handle, and the loop
 * would run empty in the middle. `clear` forgets them all.
 */
export interface Deadlines {
  now(): number
  /** Since the shutdown began, in ms. */
  elapsed(): number
  at(time: number, callback: () => void): Cancel
  /** Whether the promise settles by then. */
  within(promise: Promise<unknown>, time: number): Promise<boolean>
  clear(): void
}

export function createDeadlines(clock: Clock, startedAt: number): Deadlines {
  const pending = new Set<Cancel>()
  const at = (time: number, callback: () => void): Cancel => {
    const cancel = (): void => {
      pending.delete(cancel)
      stop()
    }
    const stop = clock.after(
      time - clock.now(),
      () => {
        pending.delete(cancel)
        callback()
      },
      true,
    )
    pending.add(cancel)
    return cancel
  }
  return {
    now: () => clock.now(),
    elapsed: () => clock.now() - startedAt,
    at,
    within: (promise, time) =>
      new Promise((resolve) => {
        const cancel = at(time, () => resolve(false))
        const settled = (): void => {
          cancel()
          resolve(true)
        }
        promise.then(settled, settled)
      }),
    clear() {
      for (const cancel of [...pending]) cancel()
    },
  }
}
