import type { Phase, Shutdown, ShutdownOptions } from '@lastcall/core'
import { internalsOf } from '#src/internals.js'
import type { Registry } from '#src/registry.js'
import { noTraffic, type Serving } from '#src/serving.js'
import { assembleShutdown } from '#src/shutdown.js'
import { createFakeClock, type FakeClock } from './fake-clock.js'

export interface Said {
  readonly level: 'info' | 'warn' | 'error'
  readonly details: Readonly<Record<string, unknown>>
  readonly message: string
}

/** A process of its own, as far as instances can tell: nothing in it listens to signals, or ends the real one. */
export interface Process {
  readonly clock: FakeClock
  readonly registry: Registry
  /** What was logged, by all instances. */
  readonly said: readonly Said[]
  create(options?: ShutdownOptions, isShared?: boolean): Shutdown
}

export function createProcess(): Process {
  const clock = createFakeClock()
  const registry: Registry = { members: new Set(), listeners: new Map() }
  const said: Said[] = []
  const say =
    (level: Said['level']) =>
    (details: object, message: string): void =>
      void said.push({ level, details: details as Said['details'], message })
  const logger = { info: say('info'), warn: say('warn'), error: say('error') }
  return {
    clock,
    registry,
    said,
    create: (options, isShared = false) =>
      assembleShutdown(
        { gracePeriodMs: 10_000, signals: false, crashes: false, exit: false, logger, ...options },
        { clock, registry, isShared },
      ),
  }
}

/** A server that has nothing to do, but for what is given. */
export const fakeServer = (given: Partial<Serving> = {}): Serving => ({
  active: true,
  lameDuck: () => Promise.resolve(),
  lastCall: () => Promise.resolve(),
  drain: () => Promise.resolve(),
  cut() {},
  close() {},
  snapshot: () => noTraffic,
  ...given,
})

export const never: Promise<never> = new Promise(() => {})

/** When each phase began, since now. */
export function times(shutdown: Shutdown, clock: FakeClock): Partial<Record<Phase, number>> {
  const startedAt = clock.now()
  const began: Partial<Record<Phase, number>> = {}
  shutdown.subscribe((phase) => {
    began[phase] = clock.now() - startedAt
  })
  return began
}

/** Settles after so many ms on the clock. */
export const after = (clock: FakeClock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve))

/** Makes the instance serve: lame duck and last call take so long each. */
export const serve = (shutdown: Shutdown, clock: FakeClock, phaseMs: number): void =>
  void internalsOf(shutdown).serve(
    fakeServer({ lameDuck: () => after(clock, phaseMs), lastCall: () => after(clock, phaseMs) }),
  )
