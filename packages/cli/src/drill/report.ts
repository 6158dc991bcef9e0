import type { Finding } from './finding.js'
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
  /** None of the findings has failed. */
  readonly passed: boolean
  readonly findings: readonly Finding[]
  readonly options: DrillOptions
  readonly leftOut: readonly string[]
  readonly durationMs: number
  readonly traffic: Tally
  /** Undefined when posted rows could not be read back. */
  readonly rows: LedgerResult | undefined
  readonly restarts: readonly RestartResult[]
}

/** What the findings are made from. */
export type Observed = Omit<DrillReport, 'passed' | 'findings'>

export function createReport(observed: Observed): DrillReport {
  const findings = [...judgeTraffic(observed), ...observed.restarts.flatMap(judgeRestart)]
  return { passed: findings.every(({ verdict }) => verdict !== 'failed'), findings, ...observed }
}

function judgeTraffic({ traffic, rows }: Observed): Finding[] {
  const findings: Finding[] = []
  if (traffic.lost > 0) findings.push(failed('lost', `${traffic.lost} of ${traffic.requests} requests were lost`))
  if (rows && rows.missing.length > 0)
    findings.push(failed('stored-missing', `${rows.missing.length} answered POSTs are in no database`))
  if (rows && rows.duplicates.length > 0)
    findings.push(failed('stored-twice', `${rows.duplicates.length} POSTs are stored more than once`))
  return findings
}

function judgeRestart({ number, forced, stopMs, exitCode, exitSignal }: RestartResult): Finding[] {
  const ms = Math.round(stopMs)
  if (forced)
    return [
      failed('grace-period', `restart ${number} was still running after ${ms} ms and had to be stopped by force`),
    ]
  if (exitCode === 0) return []
  if (exitSignal === null) return [failed('exit-code', `restart ${number} ended with exit code ${exitCode}`)]
  return [failed('exit-by-signal', `restart ${number} ended by ${exitSignal}`)]
}

function failed(code: string, title: string): Finding {
  return { code, verdict: 'failed', title, evidence: [] }
}
