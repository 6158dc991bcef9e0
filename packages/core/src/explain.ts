import { deriveBudget, type Budget } from './budget.js'
import { resolveOptions, type ResolvedOptions, type ShutdownOptions } from './options.js'
import { surroundings } from './signals.js'

/** @internal Where a number comes from: an option, `LASTCALL_GRACE_PERIOD_MS`, what the platform is known for, or the grace period. */
export type Origin = 'option' | 'environment' | 'platform' | 'default' | 'derived'

/** @internal One number of the budget, in ms. */
export interface Explained {
  readonly ms: number
  readonly from: Origin
}

/** @internal The budget as `LASTCALL_EXPLAIN=1` prints it: what `lastcall doctor --explain` reads. */
export interface Explanation {
  readonly platform: string | null
  readonly values: Readonly<Record<ExplainedName, Explained>>
}

/** @internal A value of the budget, as the options name it. */
export type ExplainedName =
  | Exclude<keyof Budget, 'graceMs' | 'lameDuck' | 'lastCall'>
  | 'gracePeriodMs'
  | `lameDuck.${keyof Budget['lameDuck']}`
  | `lastCall.${keyof Budget['lastCall']}`

/** @internal What an app with these options would have, in that environment. Throws as `createShutdown` does. */
export const explain = (
  options: ShutdownOptions = {},
  env: Readonly<Record<string, string | undefined>> = {},
): Explanation =>
  // no process has this id: nothing is taken for what systemd started unless the option says so
  explainOptions(resolveOptions(options, env, 0))

/** @internal One line for whoever asked by `LASTCALL_EXPLAIN=1`. */
export function logExplanation(options: ResolvedOptions): void {
  if (surroundings.env['LASTCALL_EXPLAIN'] !== '1') return
  options.logger.info({ explain: explainOptions(options) }, 'the budget')
}

function explainOptions({ graceMs, graceFrom, platform, wishes }: ResolvedOptions): Explanation {
  const budget = deriveBudget(graceMs, wishes)
  const { lameDuck, lastCall } = wishes
  const value = (ms: number, wish: number | false | undefined, otherwise: Origin = 'derived'): Explained => ({
    ms,
    from: wish === undefined ? otherwise : 'option',
  })
  return {
    platform: platform?.name ?? null,
    values: {
      gracePeriodMs: { ms: graceMs, from: graceFrom },
      marginMs: value(budget.marginMs, undefined),
      guardMs: value(budget.guardMs, undefined),
      releaseMs: value(budget.releaseMs, wishes.releaseMs),
      drainDeadlineMs: value(budget.drainDeadlineMs, undefined),
      'lameDuck.minMs': value(
        budget.lameDuck.minMs,
        lameDuck && lameDuck.minMs,
        wishes.trafficIsGone ? 'platform' : 'derived',
      ),
      'lameDuck.quietMs': value(budget.lameDuck.quietMs, lameDuck && lameDuck.quietMs),
      'lameDuck.maxMs': value(budget.lameDuck.maxMs, lameDuck && lameDuck.maxMs),
      'lastCall.maxMs': value(budget.lastCall.maxMs, lastCall && lastCall.maxMs),
      'lastCall.idleMs': value(budget.lastCall.idleMs, lastCall && lastCall.idleMs),
      cancelMs: value(budget.cancelMs, wishes.cancelMs),
    },
  }
}
