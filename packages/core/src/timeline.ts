import type { Clock } from './clock.js'
import { createDeadlines } from './deadlines.js'
import { exitProcess, startGuardian } from './guardian.js'
import type { Logger } from './logger.js'
import { createMilestone } from './milestone.js'
import { isBefore } from './phases.js'
import { preferably, type Member, type Registry } from './registry.js'

/**
 * What set a shutdown off. `close` is an app closed by its own code; `interrupt` is Ctrl-C at a terminal; `drain` is whoever
 * will send a signal next, such as a preStop hook.
 */
export type TriggerKind = 'signal' | 'interrupt' | 'crash' | 'begin' | 'close' | 'drain'

export interface Trigger {
  readonly reason: string
  readonly kind: TriggerKind
}

/** The shutdown of a whole process: one clock and one exit for every instance in it. */
export interface Timeline extends Trigger {
  readonly startedAt: number
  readonly graceMs: number
  /** When draining ends for everybody, counted from `startedAt`. */
  readonly drainDeadlineMs: number
  /** Undefined until every instance has stopped. */
  readonly exitCode: number | undefined
  /** The process outlasts its instances until the signal has come, and no longer than until the deadline. */
  readonly awaitsSignal: boolean
  /** Settles when every instance has stopped and no signal is waited for. */
  readonly over: Promise<void>
  /** Errors nobody caught meanwhile. */
  readonly crashes: number
  crashed(): void
  /** Whoever wants the process to end joins, with a signal or otherwise. */
  signalled(reason: string): void
  /** Some member has moved on: whoever waits looks again. */
  changed(): void
  /** Code of the user's is about to be called, and may not return: the guardian's worker is told what is going on. */
  tell?(): void
  /** Resolves when the condition holds. */
  until(condition: () => boolean): Promise<void>
  /** Ends the process now: a second Ctrl-C, or a signal after everything has stopped. */
  exitNow(code: number): void
}

/** Begins the shutdown of every live instance. The caller has made sure that none has begun. */
export function beginTimeline(registry: Registry, trigger: Trigger, clock: Clock, log: Logger): Timeline {
  const members = [...registry.members]
  const graceMs = smallestGrace(members)
  const budgets = members.map((member) => member.budgetFor(graceMs))
  const guardMs = Math.min(...budgets.map((budget) => budget.guardMs))
  const flushMs = Math.min(500, (graceMs - guardMs) / 2)
  const mayExit = members.every((member) => member.mayExit)
  const over = createMilestone<void>()
  const flushLogs = (): Promise<unknown> =>
    Promise.all([...registry.members].map(async (member) => member.flushLogs?.()))
  const waiting = new Set<{ condition: () => boolean; resolve: () => void }>()

  const timeline = {
    ...trigger,
    startedAt: clock.now(),
    graceMs,
    drainDeadlineMs: Math.min(...budgets.map((budget) => budget.drainDeadlineMs)),
    exitCode: undefined as number | undefined,
    over: over.promise,
    crashes: trigger.kind === 'crash' ? 1 : 0,
    tell: () =>
      guardian?.tell?.({
        reason: trigger.reason,
        elapsedMs: Math.round(clock.now() - timeline.startedAt),
        budget: { graceMs, drainDeadlineMs: timeline.drainDeadlineMs, guardMs },
        pending: pending(),
      }),
    crashed() {
      timeline.crashes += 1
      timeline.signalled('a crash')
    },
    awaitsSignal: mayExit && trigger.kind === 'drain',
    signalled(reason: string) {
      if (!timeline.awaitsSignal) return
      log.info({ reason }, `${reason} joins the shutdown that ${trigger.reason} began`)
      timeline.awaitsSignal = false
      timeline.changed()
    },
    changed() {
      for (const waiter of [...waiting]) {
        if (!waiter.condition()) continue
        waiting.delete(waiter)
        waiter.resolve()
      }
      for (const member of registry.members) member.changed()
    },
    until: (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        if (condition()) resolve()
        else waiting.add({ condition, resolve })
      }),
    exitNow: (code: number) => exitProcess(code, { clock, flushLogs, withinMs: flushMs }),
  }
  registry.timeline = timeline

  const pending = (): string[] => [...registry.members].flatMap((member) => member.pending())
  const guardian = mayExit
    ? startGuardian({
        clock,
        log,
        pending,
        deadlineMs: guardMs + flushMs,
        lingerMs: flushMs,
        inWorker: members.some((member) => member.guardian === 'worker'),
        flushLogs,
      })
    : undefined
  for (const member of members) member.join(timeline)

  const signalOrDeadline = async (exitCode: number): Promise<void> => {
    guardian?.rest(exitCode)
    log.info({ exitCode }, 'everything is released, waiting for the signal')
    const deadlines = createDeadlines(clock, timeline.startedAt)
    const signalled = timeline.until(() => !timeline.awaitsSignal)
    if (!(await deadlines.within(signalled, timeline.startedAt + guardMs)))
      log.warn({ exitCode }, 'no signal came by the deadline')
  }

  const everyoneStopped = (): boolean => [...registry.members].every(({ report }) => report !== undefined)
  // never rejects: until() only resolves
  void timeline.until(everyoneStopped).then(async () => {
    const codes = [...registry.members].map(({ report }) => report?.exitCode ?? 1)
    const worst = Math.max(timeline.crashes > 0 ? 1 : 0, ...codes)
    timeline.exitCode = worst
    if (timeline.awaitsSignal) await signalOrDeadline(worst)
    over.reach()
    timeline.exitCode = guardian?.finish(worst) ?? worst
  })
  return timeline
}

function smallestGrace(members: readonly Member[]): number {
  // an instance that is closing already keeps its own deadline and does not shorten the others'
  const open = preferably(members, ({ phase }) => isBefore(phase, 'lame-duck'))
  // nor does one that knows no better, such as the default instance beside an app that was given one
  const given = preferably(open, ({ graceIsGiven = false }) => graceIsGiven)
  return Math.min(...given.map(({ graceMs }) => graceMs))
}
