import type { Observed, ObservedRestart } from '../observation/observed.js'
import type { Relative } from '../processes/family.js'
import type { Finding } from './finding.js'
import { leaveUnchecked } from './judge.js'

/** The process that is sent the signal stands before the one that listens. */
export function isWrapped({ processes: { before } }: ObservedRestart): boolean {
  const { signalled, listeners } = before
  return listeners.length > 0 && !listeners.some(({ pid }) => pid === signalled?.pid)
}

/** Those who listened and went on as though nothing had happened, or had it cut under them. */
export function findDeserted(restart: ObservedRestart): readonly Relative[] {
  if (!isWrapped(restart)) return []
  const { before, left, unsignalled } = restart.processes
  if (restart.forced) return unsignalled
  return before.listeners.filter((listener) => left.some(({ pid }) => pid === listener.pid))
}

/** The restarts in which the app was told to stop: nothing can be said about the others but that. */
export function heard({ restarts }: Observed): readonly ObservedRestart[] {
  return restarts.filter((restart) => findDeserted(restart).length === 0)
}

/** Nothing else is known of an app that never hears of its end. */
export function leaveUnheard(code: string): Finding {
  return leaveUnchecked({
    code,
    title: 'It is not known how the app shuts down, since it was never told to',
    why: 'the signal did not reach it in any restart',
    advice: 'See signal-swallowed, and drill it again.',
  })
}
