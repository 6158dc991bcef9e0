import type { Check } from '../probes/health-check.js'
import type { RestartResult } from '../report.js'
import type { Target } from '../target.js'
import type { Exchange } from '../traffic/client.js'
import type { Outcome } from '../traffic/tally.js'
import type { ObservedRestart, Probe } from './observed.js'
import { thinAnswered } from './thin-answered.js'

/** What was seen around one restart. Times are ms after its SIGTERM, to a tenth. */
export interface Recording {
  readonly result: RestartResult
  /** The requests of `result` ended between 0 and this, the next signal mostly; later ones belong to no restart. */
  readonly countedToMs: number
  /** By start. Everything that was lost, and of the rest as many as may be kept. */
  readonly requests: readonly RecordedRequest[]
  /** How many more were answered. */
  readonly notKept: number
  /** Whether the instance that was restarted was ready, over all of the time. */
  readonly readiness: readonly RecordedCheck[]
  /** Whether it was alive, between the signal and the exit. */
  readonly liveness: readonly RecordedCheck[]
  /** When it first refused a connection, at the latest its exit. */
  readonly refusedMs: number
  /** The connections to it: how many were open from each moment on. */
  readonly connections: readonly ConnectionCount[]
  /** The last lines that it printed. */
  readonly output: string
}

export interface RecordedRequest {
  readonly instance: string
  readonly method: 'GET' | 'POST'
  readonly outcome: Outcome
  readonly status: number | undefined
  readonly startMs: number
  readonly endMs: number
}

export interface RecordedCheck {
  readonly result: Check['result']
  readonly status: number | undefined
  readonly startMs: number
  readonly endMs: number
}

export interface ConnectionCount {
  readonly atMs: number
  readonly open: number
}

/** Everything seen of a restart, by `performance.now()`. */
export interface Seen {
  readonly target: Target
  readonly signalledAt: number
  readonly endedAt: number
  readonly exchanges: readonly Exchange[]
  readonly checks: readonly Check[]
  readonly connections: readonly SeenCount[]
  readonly output: string
}

export interface SeenCount {
  readonly target: Target
  readonly at: number
  readonly open: number
}

/** @param mostAnswered how many answered requests are kept; what was lost always is */
export function createRecording(restart: ObservedRestart, seen: Seen, mostAnswered: number): Recording {
  const { target, signalledAt } = seen
  const after = (at: number): number => Math.round((at - signalledAt) * 10) / 10
  const times = (of: Exchange | Check): { startMs: number; endMs: number } => ({
    startMs: after(of.startedAt),
    endMs: after(of.endedAt),
  })
  const kept = thinAnswered(seen.exchanges, mostAnswered)
  const requests = kept.map((exchange) => {
    const { method, outcome, status } = exchange
    return { instance: exchange.target.name, method, outcome, status, ...times(exchange) }
  })
  const checks = seen.checks.filter((check) => check.target === target)
  const connections = seen.connections.filter((count) => count.target === target)
  return {
    result: restart,
    countedToMs: after(seen.endedAt),
    requests: requests.toSorted((a, b) => a.startMs - b.startMs),
    notKept: seen.exchanges.length - kept.length,
    readiness: checks.map((check) => ({ result: check.result, status: check.status, ...times(check) })),
    liveness: restart.liveness.map(toCheck),
    refusedMs: restart.refusedAtMs,
    connections: connections.map(({ at, open }) => ({ atMs: after(at), open })),
    output: seen.output,
  }
}

function toCheck({ result, status, startedMs, endedMs }: Probe): RecordedCheck {
  return { result, status, startMs: startedMs, endMs: endedMs }
}
