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
  const { options, kind, serves, wasReady } = situation
  const impatient = impatience(kind, situation.watched)
  return {
    lameDuck:
      (options.skipLameDuck ? 'turned off' : undefined) ??
      impatient ??
      (kind === 'crash' ? 'after a crash' : undefined) ??
      (serves ? undefined : 'nothing serves') ??
      (wasReady ? undefined : 'never ready') ??
      (isObserved(options, situation.readinessAskedMs) ? undefined : 'nobody watches readiness'),
    lastCall:
      (options.skipLastCall ? 'turned off' : undefined) ??
      impatient ??
      (serves ? undefined : 'nothing serves'),
  }
}

/** Whether somebody waits for the end: then nothing is spread over time either. */
export const isImpatient = (kind: TriggerKind, watched: boolean): boolean =>
  impatience(kind, watched) !== undefined

function impatience(kind: TriggerKind, watched: boolean): string | undefined {
  if (kind === 'close') return 'closed directly'
  if (kind === 'interrupt') return 'interrupted at a terminal'
  return watched ? 'restarted by node --watch' : undefined
}

function isObserved({ minMsGiven, platform }: ResolvedOptions, readinessAskedMs: number): boolean {
  if (minMsGiven || readinessAskedMs <= watchedForMs) return true
  return platform !== undefined && platform.removesTraffic !== 'never'
}
