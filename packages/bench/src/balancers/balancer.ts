import type { Target } from 'lastcall/drill'

export const host = '127.0.0.1'

/** What stands between the clients and the backends. */
export interface Balancer {
  /** Where clients connect. */
  readonly targets: readonly Target[]
  /** Which of them a client may choose; undefined: any. */
  readonly isReady?: (target: Target) => boolean
  /** Resolves when a backend that was started again is sent traffic. */
  becomesReady(backend: Target): Promise<void>
  /** How many errors of backends the balancer has counted itself; undefined when it does not count. */
  countErrors(): Promise<BackendErrors | undefined>
  /** What it logged about errors since the last call. */
  takeLog(): Promise<string>
  stop(): Promise<void>
}

/** HAProxy's `econ` and `eresp`. */
export interface BackendErrors {
  readonly connecting: number
  readonly responding: number
}
