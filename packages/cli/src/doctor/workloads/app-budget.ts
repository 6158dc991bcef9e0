import { explain, type Explanation } from '@lastcall/core/explain'
import type { Container, System } from './model.js'

/** What the app in a container does with its grace period, and how sure we are that it does. */
export interface AppBudget {
  readonly explanation: Explanation
  /** For a message: `--grace`, `LASTCALL_GRACE_PERIOD_MS`, `Last Call's default on kubernetes`. */
  readonly from: string
  /** It certainly runs Last Call with these numbers, likely does, or may be any app. */
  readonly certainty: Certainty
}

export type Certainty = 'certain' | 'likely' | 'possible'

/** What is known of the app from outside the manifests. */
export interface KnownApp {
  readonly graceMs?: number | undefined
  readonly explanation?: Explanation | undefined
  /** The container that runs it; every one that may be an app of Node's when it is not given. */
  readonly container?: string | undefined
  /** A package.json beside the files depends on Last Call. */
  readonly usesLastCall: boolean
}

export type BudgetOf = (container: Container) => AppBudget | undefined

/** A container that surely runs something else, is not the one that was named, or is told by what is not in the file, has none. */
export function createBudgetOf(app: KnownApp, containers: readonly Container[]): BudgetOf {
  const candidates = new Set(
    containers.filter((container) =>
      app.container === undefined ? container.runtime !== 'other' : container.ownName === app.container,
    ),
  )
  const isGiven = app.graceMs !== undefined || app.explanation !== undefined
  return (container) => {
    const budget = candidates.has(container) ? numbers(app, container) : undefined
    if (!budget) return undefined
    const isNamed = app.container !== undefined || (isGiven && candidates.size === 1)
    const isOurs = [...container.env.keys()].some((name) => name.startsWith('LASTCALL_'))
    const isLikely = container.runtime === 'node' || app.usesLastCall || isGiven
    const certainty =
      isNamed || isOurs || (container.runtime === 'node' && app.usesLastCall)
        ? 'certain'
        : isLikely
          ? 'likely'
          : 'possible'
    return { ...budget, certainty }
  }
}

function numbers(
  { graceMs, explanation }: KnownApp,
  { env, system }: Container,
): Omit<AppBudget, 'certainty'> | undefined {
  if (graceMs !== undefined)
    return { explanation: explain({ gracePeriodMs: graceMs, platform: platformOf(system) }), from: '--grace' }
  if (explanation?.values.gracePeriodMs.from === 'option') return { explanation, from: '--explain' }
  const variable = 'LASTCALL_GRACE_PERIOD_MS'
  const set = graceFromEnv(env.get(variable)?.value)
  if (set !== undefined)
    return { explanation: explain({ gracePeriodMs: set, platform: platformOf(system) }), from: variable }
  if (env.has(variable)) return undefined
  if (explanation) return { explanation, from: '--explain' }
  return { explanation: explain({ platform: platformOf(system) }), from: `Last Call's default on ${system}` }
}

/** What `LASTCALL_GRACE_PERIOD_MS` means to the app; undefined when it is absent or refused. */
export function graceFromEnv(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  try {
    return explain({}, { LASTCALL_GRACE_PERIOD_MS: text }).values.gracePeriodMs.ms
  } catch {
    return undefined
  }
}

/** The documented default of the platform, which is what the app takes when it is told nothing. */
export const platformGraceMs = (system: System): number =>
  explain({ platform: platformOf(system) }).values.gracePeriodMs.ms

const platformOf = (system: System): 'kubernetes' | 'ecs' | 'systemd' | 'docker' =>
  system === 'compose' ? 'docker' : system
