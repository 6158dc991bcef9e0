import type { ResolvedOptions } from './options.js'
import type { TriggerKind } from './timeline.js'

/** Why a phase is left out, in words for the report; undefined: it is not. */
export interface SkipReasons {
  readonly lameDuck: string | undefined
  readonly lastCall: string | undefined
}

/** Readiness asked for within this time means that somebody watches it. */
const watchedForMs = 60_000

/** A lame duck needs someone who watches, and nobody wants to wait at a terminal or in a test. */
export function skipReasons(situation: {
  options: ResolvedOptions
  kind: TriggerKind
  serves: boolean
  wasReady: boolean
  /** Under `node --watch`. */
  watched: boolean
  /** How long ago readiness was asked for, in ms. */
  readinessAskedMs: number
}): SkipReasons {
  const { options, kind, serves, wasReady, watched, readinessAskedMs } = situation
  const hurry = impatience(kind, watched)
  return {
    lameDuck: firstTrue({
      'turned off': options.skipLameDuck,
      ...hurry,
      'after a crash': kind === 'crash',
      'nothing serves': !serves,
      'never ready': !wasReady,
      'nobody watches readiness': !isObserved(options, readinessAskedMs),
    }),
    lastCall: firstTrue({ 'turned off': options.skipLastCall, ...hurry, 'nothing serves': !serves }),
  }
}

/** Whether somebody waits for the end: then nothing is spread over time either. */
export const isImpatient = (kind: TriggerKind, watched: boolean): boolean =>
  firstTrue(impatience(kind, watched)) !== undefined

const impatience = (kind: TriggerKind, watched: boolean): Record<string, boolean> => ({
  'closed directly': kind === 'close',
  'interrupted at a terminal': kind === 'interrupt',
  'restarted by node --watch': watched,
})

const firstTrue = (reasons: Record<string, boolean>): string | undefined =>
  Object.keys(reasons).find((reason) => reasons[reason])

function isObserved({ minMsGiven, platform }: ResolvedOptions, readinessAskedMs: number): boolean {
  if (minMsGiven || readinessAskedMs <= watchedForMs) return true
  return platform !== undefined && platform.removesTraffic !== 'never'
}
