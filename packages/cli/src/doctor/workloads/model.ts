import type { Place } from '../finding.js'
import type { Located } from '../parse/located.js'
import type { Launch } from './launch.js'

/** Everything that was read, in one shape whatever it was written in. */
export interface Model {
  readonly containers: readonly Container[]
  readonly controllers: readonly Controller[]
  readonly services: readonly Service[]
  readonly disruptionBudgets: readonly DisruptionBudget[]
  readonly autoscalers: readonly Autoscaler[]
  readonly scripts: readonly Script[]
}

export type System = 'kubernetes' | 'compose' | 'ecs' | 'systemd' | 'docker'

/** One process that a supervisor starts and stops: a container, a service of Compose, a unit, an image. */
export interface Container {
  readonly system: System
  /** As a reader would name it: `orders/api`, `api.service`. */
  readonly name: string
  /** Its own name, without the workload's. */
  readonly ownName: string
  readonly at: Place
  readonly image?: string | undefined
  readonly runtime: Runtime
  /** What is started; absent when the image says so. */
  readonly launch?: Launch | undefined
  /** `undefined` where the value is not in the file: a secret, a variable. */
  readonly env: ReadonlyMap<string, Located<string | undefined>>
  /** From the stop signal, or the preStop hook, to SIGKILL; absent where another file says so. */
  readonly grace?: Grace | undefined
  readonly preStop?: PreStop | undefined
  readonly probes: Partial<Record<ProbeKind, Probe>>
  readonly ports: readonly Port[]
  readonly stopSignal?: Located<string> | undefined
  /** Process 1 is an init that the supervisor adds. */
  readonly hasInit: boolean
  /** A patch: what is absent here may be elsewhere. */
  readonly isPartial: boolean
  readonly restarts?: boolean
  readonly killMode?: Located<string> | undefined
  readonly fargate?: boolean
}

/** Whether it is an app of Node's, is surely none, or cannot be told. */
export type Runtime = 'node' | 'other' | 'unknown'

export interface Grace {
  readonly ms: number
  /** The key that sets it. */
  readonly key: string
  /** Where it is set, or could be. */
  readonly at: Place
  readonly given: boolean
  /** As it is written there. */
  write(ms: number): string
}

export interface PreStop {
  readonly at: Place
  /** How long it takes at least. */
  readonly ms: number
  /** It takes exactly that long. */
  readonly exact: boolean
  /** It asks the admin server to drain, which starts the app's clock before the signal does. */
  readonly drains: boolean
}

export const probeKinds = ['readiness', 'liveness', 'startup'] as const
export type ProbeKind = (typeof probeKinds)[number]

export interface Probe {
  readonly at: Place
  /** `GET 3000/readyz`, the same for the same endpoint; absent when it is no HTTP or TCP probe. */
  readonly endpoint?: string | undefined
  readonly path?: string | undefined
  readonly port?: Located<string> | undefined
  readonly periodMs: number
  readonly timeoutMs: number
  readonly failures: number
}

export interface Port {
  readonly name?: string | undefined
  readonly number?: number | undefined
}

/** What starts pods. */
export interface Controller {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Pod'
  readonly name: string
  readonly namespace: string
  readonly at: Place
  readonly replicas?: Located<number> | undefined
  readonly strategy: Strategy
  readonly labels: ReadonlyMap<string, string>
  readonly containers: readonly Container[]
  readonly claimsVolume: boolean
  readonly isPartial: boolean
}

export interface Strategy {
  readonly at: Place
  readonly type?: string | undefined
  /** A number, or a percentage of the replicas such as `25%`. */
  readonly maxUnavailable?: Located<string> | undefined
  readonly maxSurge?: Located<string> | undefined
}

export interface Service {
  readonly name: string
  readonly namespace: string
  readonly selector: ReadonlyMap<string, string>
  readonly isHeadless: boolean
  readonly publishesNotReady?: Located<boolean> | undefined
}

export interface DisruptionBudget {
  readonly name: string
  readonly namespace: string
  readonly at: Place
  /** Absent when it selects in a way that is not understood here. */
  readonly selector?: ReadonlyMap<string, string> | undefined
  readonly minAvailable?: Located<string> | undefined
  readonly maxUnavailable?: Located<string> | undefined
}

export interface Autoscaler {
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly minReplicas: Located<number>
}

/** A script of a package.json. */
export interface Script {
  readonly name: string
  readonly text: string
  readonly at: Place
}
