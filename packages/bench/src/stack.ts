import type { Report } from '@lastcall/core'
import type { ClientGroup, Loss } from 'lastcall/drill'
import type { BackendErrors } from './balancers/balancer.js'

export type Front = 'haproxy' | 'nginx' | 'direct' | 'distant'

/** Backends, what stands in front of them, and the clients: everything that is restarted under traffic together. */
export interface Stack {
  readonly title: string
  /** The program of the backends, in `apps/`. */
  readonly app: string
  readonly front: Front
  readonly instances: number
  readonly restarts: number
  readonly graceMs: number
  readonly crowd: readonly ClientGroup[]
  readonly seed: number
  /** Added to the environment of the app: a variant of its shutdown. */
  readonly env?: Readonly<Record<string, string>>
  /** Somebody asks for readiness each second, as a platform does that stands behind a balancer without checks. */
  readonly probed?: boolean
}

/** A request that was not answered, as its client saw it. Times in ms after the signal of the restart. */
export interface LostRequest {
  readonly method: string
  readonly outcome: Loss
  readonly status: number | undefined
  readonly target: string
  readonly startedMs: number
  readonly endedMs: number
}

/** One restart, from its signal to the signal of the next. */
export interface Restart {
  readonly number: number
  readonly instance: string
  readonly requests: number
  readonly posts: number
  readonly lost: readonly LostRequest[]
  /** New errors in the balancer's own count. */
  readonly errors: BackendErrors | undefined
  readonly stopMs: number
  readonly exitCode: number | null
  readonly exitSignal: string | null
  readonly forced: boolean
  /** The most that it may have taken behind HAProxy, by the app's report. */
  readonly exitBoundMs: number | undefined
  /** How connections ended, from the app's report. */
  readonly closed: Report['connections'] | undefined
  /** What the app and the balancer wrote, when anything was lost. */
  readonly evidence: readonly string[]
}
