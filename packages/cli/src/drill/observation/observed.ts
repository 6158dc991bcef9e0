import type { CheckResult } from '../probes/health-check.js'
import type { AppProcesses } from '../processes/app-processes.js'
import type { Relative } from '../processes/family.js'
import type { DrillReport, RestartResult } from '../report.js'
import type { Loss } from '../traffic/tally.js'

/** What the checks judge: the report's own numbers, and what was seen beside them. */
export interface Observed extends Omit<DrillReport, 'passed' | 'findings' | 'restarts'> {
  readonly restarts: readonly ObservedRestart[]
  /** Every request that was lost. */
  readonly losses: readonly LostRequest[]
  /** Why something could not be checked, in words. */
  readonly unknown: Unknown
}

export interface Unknown {
  readonly readiness?: string | undefined
  readonly liveness?: string | undefined
  readonly stored?: string | undefined
}

/** Moments are in ms after the signal of the restart. */
export interface LostRequest {
  /** 0: before the first one. */
  readonly restart: number
  readonly instance: string
  readonly outcome: Loss
  readonly method: 'GET' | 'POST'
  readonly status: number | undefined
  readonly fresh: boolean
  readonly atMs: number
}

export interface ObservedRestart extends RestartResult {
  /** How often SIGTERM was sent. */
  readonly signals: number
  /** Health checks between the signal and the exit. */
  readonly readiness: readonly Probe[]
  readonly liveness: readonly Probe[]
  /** When the first connection was refused, at the latest when the process had gone. */
  readonly refusedAtMs: number
  /** When new connections were accepted, and ended without an answer. */
  readonly resetAtMs: readonly number[]
  readonly goodbyes: readonly Goodbye[]
  readonly processes: Processes
}

export interface Probe {
  readonly startedMs: number
  readonly endedMs: number
  readonly result: CheckResult
  readonly status: number | undefined
  readonly error?: string | undefined
}

/** How somebody who stays for long was sent away. */
export interface Goodbye {
  readonly kind: 'webSocket' | 'eventStream'
  readonly manner: 'told' | 'cut' | 'unclear'
  /** Such as `close code 1001`. */
  readonly how: string
  readonly atMs: number
}

export interface Processes {
  readonly before: AppProcesses
  /** Alive after the exit. */
  readonly left: readonly Relative[]
  /** Those of them that still listen on the port. */
  readonly holding: readonly Relative[]
  /** After the exit a connection to the port was accepted. */
  readonly portHeld: boolean
  /** Those who listened until the grace period was over, and stopped when they were sent the signal themselves. */
  readonly unsignalled: readonly Relative[]
}
