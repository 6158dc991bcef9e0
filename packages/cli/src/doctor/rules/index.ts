import { budgetOverGrace } from './budget-over-grace.js'
import type { RuleCode } from './codes.js'
import { commandUnknown } from './command-unknown.js'
import { graceEnv } from './grace-env.js'
import { killMode } from './kill-mode.js'
import { lameDuckMissing } from './lame-duck-missing.js'
import { livenessIsReadiness } from './liveness-is-readiness.js'
import { noReadinessProbe } from './no-readiness-probe.js'
import { noRestart } from './no-restart.js'
import { oneReplica } from './one-replica.js'
import { pdbBlocksEvictions } from './pdb-blocks-evictions.js'
import { preStopOverGrace } from './prestop-over-grace.js'
import { preStopUnknown } from './prestop-unknown.js'
import { probePort } from './probe-port.js'
import { publishesNotReady } from './publishes-not-ready.js'
import { readinessOverLameDuck } from './readiness-over-lame-duck.js'
import type { Rule } from './rule.js'
import { signalWrapper } from './signal-wrapper.js'
import { startScript } from './start-script.js'
import { stopSignal } from './stop-signal.js'
import { stopTimeoutLimit } from './stop-timeout-limit.js'
import { unavailableWithoutSurge } from './unavailable-without-surge.js'

/** Every rule by its code. */
export const rules: Readonly<Record<RuleCode, Rule>> = {
  'prestop-over-grace': preStopOverGrace,
  'budget-over-grace': budgetOverGrace,
  'grace-env': graceEnv,
  'prestop-unknown': preStopUnknown,
  'readiness-over-lame-duck': readinessOverLameDuck,
  'lame-duck-missing': lameDuckMissing,
  'liveness-is-readiness': livenessIsReadiness,
  'no-readiness-probe': noReadinessProbe,
  'unavailable-without-surge': unavailableWithoutSurge,
  'one-replica': oneReplica,
  'pdb-blocks-evictions': pdbBlocksEvictions,
  'probe-port': probePort,
  'publishes-not-ready': publishesNotReady,
  'signal-wrapper': signalWrapper,
  'stop-signal': stopSignal,
  'kill-mode': killMode,
  'stop-timeout-limit': stopTimeoutLimit,
  'command-unknown': commandUnknown,
  'start-script': startScript,
  'no-restart': noRestart,
}
