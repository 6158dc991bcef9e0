import type { Budget } from './budget.js'
import type { Phase } from './phases.js'
import type { Report } from './report.js'
import type { Shutdown } from './shutdown.js'
import type { Timeline } from './timeline.js'

/**
 * What every copy of the package in this process shares. Structural and tolerant: another version may have put more
 * into it, and an `instanceof` would fail across copies.
 */
export interface Registry {
  /** The live instances. One leaves when it has stopped on its own. */
  readonly members: Set<Member>
  /** What `getShutdown()` returns. */
  shared?: Shutdown
  /** Set once a shutdown of the whole process has begun. */
  timeline?: Timeline
  /** When readiness was last asked for, on the monotonic clock: somebody watches. */
  readinessAskedAt?: number
  /** Foreign signal listeners were warned about. */
  warned?: boolean
  /** What tells a framework's own listener to signals, which its adapter gets along with. */
  expected?: ((listener: (...args: never[]) => unknown) => boolean)[]
  /** Process listeners that are installed, and what removes each. */
  readonly listeners: Map<string, () => void>
}

/** One instance as the others see it. */
export interface Member {
  readonly phase: Phase
  readonly isShared: boolean
  /** Something outside can reach it. */
  readonly serves: boolean
  /** Nothing is in flight, or the deadline has passed. */
  readonly drained: boolean
  /** Takes part in the process-wide shutdown; one that was closing before goes on by itself. */
  readonly keepsStep: boolean
  /** Every participant was attempted. */
  readonly released: boolean
  readonly report: Report | undefined
  /** The report, or as much of it as there is; undefined before its shutdown. */
  reportSoFar(): Report | undefined
  readonly mayExit: boolean
  /** Absent in older copies of the package. */
  readonly guardian?: 'timer' | 'worker'
  readonly graceMs: number
  /** By its options, and not taken from the surroundings. Absent in older copies of the package. */
  readonly graceIsGiven?: boolean
  /** Settles when its logger has written what it holds; never rejects. Absent in older copies of the package. */
  flushLogs?(): Promise<void>
  /** In words, what it still waits for. */
  pending(): string[]
  budgetFor(graceMs: number): Budget
  join(timeline: Timeline): void
  /** Another instance has moved on. */
  changed(): void
}

const key = Symbol.for('lastcall.registry.1')

export function registry(): Registry {
  const holder = globalThis as { [key]?: Registry }
  return (holder[key] ??= { members: new Set(), listeners: new Map() })
}

/** Those of whom it is true; all of them, where it is true of none. */
export function preferably(members: readonly Member[], is: (member: Member) => boolean): readonly Member[] {
  const preferred = members.filter(is)
  return preferred.length > 0 ? preferred : members
}

/** The last instance that leaves takes the process listeners with it; after a process-wide shutdown they stay. */
export function leave(shared: Registry, member: Member): void {
  shared.members.delete(member)
  if (shared.members.size > 0 || shared.timeline) return
  for (const remove of shared.listeners.values()) remove()
  shared.listeners.clear()
}
