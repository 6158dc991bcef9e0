import type { LedgerResult } from './ledger.js'
import type { DrillOptions } from './options.js'
import type { Tally } from './tally.js'
import type { TimelineEvent } from './timeline.js'

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
  readonly passed: boolean
  /** Why it did not pass, one sentence each. */
  readonly reasons: readonly string[]
  readonly options: DrillOptions
  readonly leftOut: readonly string[]
  readonly durationMs: number
  readonly traffic: Tally
  /** Undefined when posted rows could not be read back. */
  readonly rows: LedgerResult | undefined
  readonly restarts: readonly RestartResult[]
}

export type Findings = Omit<DrillReport, 'passed' | 'reasons'>

export function createReport(findings: Findings): DrillReport {
  const reasons = [...judgeTraffic(findings), ...findings.restarts.flatMap(judgeRestart)]
  return { passed: reasons.length === 0, reasons, ...findings }
}

function judgeTraffic({ traffic, rows }: Findings): string[] {
  const reasons: string[] = []
  if (traffic.lost > 0) reasons.push(`${traffic.lost} of ${traffic.requests} requests were lost`)
  if (rows && rows.missing.length > 0)
    reasons.push(`${rows.missing.length} answered POSTs are in no database`)
  if (rows && rows.duplicates.length > 0)
    reasons.push(`${rows.duplicates.length} POSTs are stored more than once`)
  return reasons
}

function judgeRestart({ number, forced, stopMs, exitCode, exitSignal }: RestartResult): string[] {
  if (forced)
    return [
      `restart ${number} was still running after ${Math.round(stopMs)} ms and had to be stopped by force`,
    ]
  if (exitCode === 0) return []
  return [
    `restart ${number} ended ${exitSignal === null ? `with exit code ${exitCode}` : `by ${exitSignal}`}`,
  ]
}
