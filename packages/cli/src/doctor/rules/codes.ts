/** Every rule by its code, which is stable: scripts may go by it. */
export const ruleCodes = [
  'prestop-over-grace',
  'budget-over-grace',
  'grace-env',
  'prestop-unknown',
  'readiness-over-lame-duck',
  'lame-duck-missing',
  'liveness-is-readiness',
  'no-readiness-probe',
  'unavailable-without-surge',
  'one-replica',
  'pdb-blocks-evictions',
  'probe-port',
  'publishes-not-ready',
  'signal-wrapper',
  'stop-signal',
  'kill-mode',
  'stop-timeout-limit',
  'command-unknown',
  'start-script',
  'no-restart',
] as const

export type RuleCode = (typeof ruleCodes)[number]
