import { constants, platform as system } from 'node:os'
import { checkBudget, type BudgetWishes } from './budget.js'
import { badOption } from './errors.js'
import { defaultLogger, guardLogger, type GuardedLogger, type Logger } from './logger.js'
import { callback, checkOptions, duration, flag, group, oneOf, type Rule } from './option-rules.js'
import {
  gracePeriodFromEnv,
  platformNames,
  recognisePlatform,
  type Platform,
  type PlatformName,
} from './platform.js'
import type { Report } from './report.js'

/** All optional; every duration in ms. Values that are not given are derived from the grace period. */
export interface ShutdownOptions {
  /**
   * What the platform allows from its first signal to SIGKILL.
   * @default `LASTCALL_GRACE_PERIOD_MS`, else the recognised platform's, else 10 000
   */
  readonly gracePeriodMs?: number
  /** Where the process runs. @default recognised by the environment variables of the platform */
  readonly platform?: PlatformName
  /** How long everything is still served after readiness turned 503; `false` skips the phase. */
  readonly lameDuck?: false | LameDuckOptions
  /** How open connections are told to go once the listener is closed; `false` skips the phase. */
  readonly lastCall?: false | LastCallOptions
  /** How long before the end of draining `cancelling` fires. */
  readonly cancelMs?: number
  /** How long resources have to close, at the end of the grace period. */
  readonly releaseMs?: number
  /** What begins a shutdown of the whole process. @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly NodeJS.Signals[] | false
  /** Whether an uncaught error after ready lets work in flight finish and exits 1. @default true */
  readonly crashes?: boolean
  /** Whether a process-wide shutdown may end the process. @default true */
  readonly exit?: boolean
  /** Adapters leave it to the app to call `ready()`. @default false */
  readonly manualReady?: boolean
  /**
   * What enforces the deadline. A worker does it even when the event loop is blocked, and says where; it ends the process
   * with SIGKILL. @default 'timer'
   */
  readonly guardian?: 'timer' | 'worker'
  /** The app's own check, such as its database: `/readyz` awaits it for at most 1 s. */
  readonly readiness?: () => boolean | Promise<boolean>
  /** @default one line of JSON per entry on stderr */
  readonly logger?: Logger
  /** Gets the report when the shutdown is over. */
  readonly onReport?: (report: Report) => void
}

export interface LameDuckOptions {
  /** At least this long, even if it is quiet at once. @default a sixth of the time, at most 5 000 */
  readonly minMs?: number
  /** Over when no request but a probe came for this long. @default 1 000 */
  readonly quietMs?: number
  /** At most this long. @default a third of the time, at most 15 000 */
  readonly maxMs?: number
}

export interface LastCallOptions {
  /** At most this long. @default a sixth of the time, at most 5 000 */
  readonly maxMs?: number
  /** How long a connection may be silent before it is taken for idle. @default 1 000 */
  readonly idleMs?: number
}

/** @internal What the rest of the package works with: checked, and with its defaults. */
export interface ResolvedOptions {
  readonly graceMs: number
  readonly graceFrom: 'option' | 'environment' | 'platform' | 'default'
  readonly platform: Platform | undefined
  readonly wishes: BudgetWishes
  readonly skipLameDuck: boolean
  readonly skipLastCall: boolean
  /** A given `minMs` says that somebody watches, whatever we can see. */
  readonly minMsGiven: boolean
  readonly signals: readonly NodeJS.Signals[]
  readonly crashes: boolean
  readonly exit: boolean
  readonly manualReady: boolean
  readonly guardian: 'timer' | 'worker'
  readonly readiness: (() => boolean | Promise<boolean>) | undefined
  readonly logger: GuardedLogger
  readonly onReport: ((report: Report) => void) | undefined
}

/** @internal Throws `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`. */
export function resolveOptions(
  options: ShutdownOptions,
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): ResolvedOptions {
  checkOptions(options, rules)
  checkPhases(options)
  if (options.signals) for (const signal of options.signals) checkSignal(signal)
  const platform = recognisePlatform(env, pid, options.platform)
  const { graceMs, graceFrom } = gracePeriod(options, env, platform)
  const { lameDuck, lastCall, cancelMs, releaseMs } = options
  const trafficIsGone = platform?.removesTraffic === 'before'
  const wishes: BudgetWishes = { lameDuck, lastCall, cancelMs, releaseMs, trafficIsGone }
  checkBudget(graceMs, wishes)
  return {
    graceMs,
    graceFrom,
    platform,
    wishes,
    skipLameDuck: lameDuck === false,
    skipLastCall: lastCall === false,
    minMsGiven: lameDuck !== false && lameDuck?.minMs !== undefined,
    signals: options.signals === false ? [] : (options.signals ?? ['SIGTERM', 'SIGINT']),
    crashes: options.crashes ?? true,
    exit: options.exit ?? true,
    manualReady: options.manualReady ?? false,
    guardian: options.guardian ?? 'timer',
    readiness: options.readiness,
    logger: guardLogger(options.logger ?? defaultLogger),
    onReport: options.onReport,
  }
}

function gracePeriod(
  options: ShutdownOptions,
  env: Readonly<Record<string, string | undefined>>,
  platform: Platform | undefined,
): Pick<ResolvedOptions, 'graceMs' | 'graceFrom'> {
  const fromEnv = gracePeriodFromEnv(env)
  if (options.gracePeriodMs !== undefined) return { graceMs: options.gracePeriodMs, graceFrom: 'option' }
  if (fromEnv !== undefined) return { graceMs: fromEnv, graceFrom: 'environment' }
  if (platform) return { graceMs: platform.gracePeriodMs, graceFrom: 'platform' }
  return { graceMs: 10_000, graceFrom: 'default' }
}

const rules = {
  gracePeriodMs: duration(100),
  platform: oneOf(platformNames),
  lameDuck: group,
  lastCall: group,
  cancelMs: duration(0),
  releaseMs: duration(1),
  signals: {
    allowed: 'false or an array of signal names',
    fits: (value) => value === false || Array.isArray(value),
  },
  guardian: {
    allowed: `'timer' or 'worker'`,
    fits: (value) => value === 'timer' || value === 'worker',
  },
  logger: { allowed: 'an object with info, warn and error', fits: isLogger },
  crashes: flag,
  exit: flag,
  manualReady: flag,
  readiness: callback,
  onReport: callback,
} satisfies Record<keyof ShutdownOptions, Rule>

const phaseRules = {
  lameDuck: { minMs: duration(0), quietMs: duration(0), maxMs: duration(0) },
  lastCall: { maxMs: duration(0), idleMs: duration(0) },
} satisfies Record<string, Record<string, Rule>>

function checkPhases(options: ShutdownOptions): void {
  for (const phase of ['lameDuck', 'lastCall'] as const) {
    const given = options[phase]
    if (!given) continue
    checkOptions(given, phaseRules[phase], phase)
    const { maxMs = Infinity } = given
    for (const [name, ms] of Object.entries(given))
      if (ms > maxMs) throw badOption(`${phase}.${name}`, ms, `at most ${phase}.maxMs, ${maxMs}`)
  }
}

function checkSignal(signal: unknown): void {
  // SIGKILL and SIGSTOP cannot be caught; SIGUSR1 starts Node's debugger (Node docs, "Signal events").
  // Node takes any other name for an event that never comes; Windows knows few, and may share its options with Linux
  if (
    typeof signal === 'string' &&
    /^SIG[A-Z]+\d?$/.test(signal) &&
    (signal in constants.signals || system() === 'win32') &&
    !['SIGKILL', 'SIGSTOP', 'SIGUSR1'].includes(signal)
  )
    return
  throw badOption('signals', signal, `names such as 'SIGTERM', of signals that can be caught`)
}

function isLogger(value: unknown): boolean {
  const logger = value as Partial<Logger> | null
  return (['info', 'warn', 'error'] as const).every((level) => typeof logger?.[level] === 'function')
}
