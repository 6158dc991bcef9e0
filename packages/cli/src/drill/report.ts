import { findOut } from './checks/find-out.js'
import type { Finding } from './checks/finding.js'
import type { Observed, ObservedRestart } from './observation/observed.js'
import type { TimelineEvent } from './observation/timeline.js'
import type { DrillOptions } from './options.js'
import type { LedgerResult } from './traffic/ledger.js'
import type { RequestHeaders } from './traffic/message.js'
import type { Tally } from './traffic/tally.js'

export interface RestartResult {
  readonly number: number
  readonly instance: string
  readonly exitCode: number | null
  readonly exitSignal: string | null
  /** Stopped with SIGKILL when the grace period was over. */
  readonly forced: boolean
  /** From SIGTERM to the end of the process. */
  readonly stopMs: number
  /** From the new start to the first successful health check. */
  readonly startMs: number
  /** Requests that ended between this signal and the next, on all instances. */
  readonly requests: number
  readonly lost: number
  /** Requests begun after the signal and answered by the instance being stopped. */
  readonly servedAfterSignal: number
  readonly timeline: readonly TimelineEvent[]
}

/** What one drill found. `--json` prints it as it is. */
export interface DrillReport {
  /** None of the findings has failed. */
  readonly passed: boolean
  readonly findings: readonly Finding[]
  readonly options: DrillOptions
  /** What clients asked for, as in `GET /orders`. */
  readonly asked: readonly string[]
  /** What they would have asked for, and why they did not. */
  readonly leftOut: readonly string[]
  readonly durationMs: number
  readonly traffic: Tally
  /** Undefined when posted rows could not be read back. */
  readonly rows: LedgerResult | undefined
  readonly restarts: readonly RestartResult[]
}

export function createReport(observed: Observed): DrillReport {
  const { losses: _, unknown: __, restarts, ...rest } = observed
  const findings = findOut(observed)
  const passed = findings.every(({ verdict }) => verdict !== 'failed')
  const { options } = rest
  const hidden = options.headers && { ...options, headers: hideValues(options.headers) }
  return { passed, findings, ...rest, options: hidden ?? options, restarts: restarts.map(toResult) }
}

/** They may be secret, and reports are shared. */
function hideValues(headers: RequestHeaders): RequestHeaders {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '…']))
}

/** What was observed besides is in the evidence. */
function toResult(restart: ObservedRestart): RestartResult {
  const { number, instance, exitCode, exitSignal, forced, stopMs, startMs, requests, lost } = restart
  const { servedAfterSignal, timeline } = restart
  const ending = { exitCode, exitSignal, forced, stopMs, startMs }
  return { number, instance, ...ending, requests, lost, servedAfterSignal, timeline }
}
