import type { Departure } from '../guests/guests.js'
import type { Check } from '../probes/health-check.js'
import type { Target } from '../target.js'
import type { Exchange } from '../traffic/client.js'
import type { ObservedRestart, Probe } from './observed.js'

/** Collects what is seen from outside of one instance while it stops. */
export interface RestartWatch {
  seeExchange(exchange: Exchange): void
  seeReadiness(check: Check): void
  seeLiveness(check: Check): void
  seeDeparture(departure: Departure): void
  /** A client went elsewhere. */
  seeRefused(target: Target): void
  /** The process has gone: what begins from here on concerns the next one. */
  exited(): void
  seen(): Seen
}

export type Seen = Pick<ObservedRestart, 'readiness' | 'liveness' | 'refusedAtMs' | 'resetAtMs' | 'goodbyes'>

export function watchRestart(target: Target, now: () => number = () => performance.now()): RestartWatch {
  const signalledAt = now()
  const readiness: Probe[] = []
  const liveness: Probe[] = []
  const resetAtMs: number[] = []
  const goodbyes: Seen['goodbyes'][number][] = []
  let exitedAt = Infinity
  let refusedAt = Infinity
  const after = (at: number): number => Math.max(0, Math.round(at - signalledAt))
  const concerns = (one: { readonly target: Target; readonly startedAt: number }): boolean =>
    one.target === target && one.startedAt >= signalledAt && one.startedAt < exitedAt

  const seeCheck = (check: Check, probes: Probe[]): void => {
    if (!concerns(check)) return
    const { result, status, error, startedAt, endedAt } = check
    probes.push({ startedMs: after(startedAt), endedMs: after(endedAt), result, status, error })
    if (result === 'refused') refusedAt = Math.min(refusedAt, endedAt)
    if (error === 'ECONNRESET' || error === 'EPIPE') resetAtMs.push(after(endedAt))
  }
  return {
    seeExchange(exchange) {
      if (!concerns(exchange)) return
      if (exchange.outcome === 'refused') refusedAt = Math.min(refusedAt, exchange.endedAt)
      if (exchange.outcome === 'reset' && exchange.fresh) resetAtMs.push(after(exchange.endedAt))
    },
    seeReadiness: (check) => seeCheck(check, readiness),
    seeLiveness: (check) => seeCheck(check, liveness),
    seeDeparture({ target: left, openedAt, endedAt, ...goodbye }) {
      if (left !== target || endedAt < signalledAt || openedAt >= exitedAt) return
      goodbyes.push({ ...goodbye, atMs: after(endedAt) })
    },
    seeRefused(refused) {
      if (refused === target && exitedAt === Infinity) refusedAt = Math.min(refusedAt, now())
    },
    exited() {
      exitedAt = now()
    },
    seen: () => ({
      readiness,
      liveness,
      resetAtMs,
      goodbyes,
      refusedAtMs: after(Math.min(refusedAt, exitedAt)),
    }),
  }
}
