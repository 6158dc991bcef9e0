import { createBoundaries, traffic } from './boundaries.js'
import type { Budget } from './budget.js'
import { polled } from './clock.js'
import { createDeadlines } from './deadlines.js'
import { createDraining } from './draining.js'
import { keepStep, type InStep } from './in-step.js'
import { keptAliveAtLast, type Resources } from './kept-alive.js'
import { createMilestone } from './milestone.js'
import type { Entry } from './participants.js'
import type { Parts } from './parts.js'
import { createPhaseCallbacks } from './phase-callbacks.js'
import { isBefore, type Phase } from './phases.js'
import { startReleasing, type Releasing } from './releasing.js'
import { createReport, type Report } from './report.js'
import { createServingPhases } from './serving-phases.js'
import type { Serving } from './serving.js'
import { surroundings } from './signals.js'
import { isImpatient, skipReasons } from './skip.js'
import type { Timeline, Trigger } from './timeline.js'

/** One shutdown of one instance. */
export interface Sequence {
  /** Something outside could reach the instance when it began. */
  readonly serves: boolean
  /** Nothing is in flight, or the time for it is up. */
  readonly drained: boolean
  readonly keepsStep: boolean
  /** Every participant was attempted. */
  readonly released: boolean
  readonly whenDrained: Promise<void>
  readonly whenReleased: Promise<void>
  /** Settles with the end of it; never rejects. */
  readonly report: Promise<Report>
  reportSoFar(): Report
  /** Enters lame duck before it returns. */
  start(): void
  /** Becomes part of a process-wide shutdown, if that comes in the same turn of the loop as its own trigger. */
  join(timeline: Timeline): void
  /** Something that draining may wait for has ended. */
  changed(): void
  participantAdded(entry: Entry): void
  serverAdded(server: Serving): void
}

export function createSequence(options: {
  parts: Parts
  trigger: Trigger
  timeline: Timeline | undefined
  budgetFor: (graceMs: number) => Budget
  /** Called before the report settles. */
  onReport: (report: Report) => void
}): Sequence {
  const { parts, budgetFor } = options
  const { clock, log, registry, phases, participants, holds, servers } = parts
  const startedAt = options.timeline?.startedAt ?? clock.now()
  const serves = [...servers].some((server) => server.active)
  const wasReady = phases.current === 'running'
  const deadlines = createDeadlines(clock, startedAt)
  const boundaries = createBoundaries(clock, servers, holds, phases.current)
  const drained = createMilestone<void>()
  const released = createMilestone<void>()
  const reported = createMilestone<Report>()

  let { trigger, timeline } = options
  let decided = false
  let drains = false
  let budget = budgetFor(timeline?.graceMs ?? parts.options.graceMs)
  let releasing: Releasing | undefined
  let keptAlive: Resources = {}

  const drainDeadlineAt = (): number =>
    startedAt + Math.min(budget.drainDeadlineMs, timeline?.drainDeadlineMs ?? budget.drainDeadlineMs)
  const guardAt = (): number => startedAt + budget.guardMs
  const changed = (): void => {
    draining.changed()
    registry.timeline?.changed()
  }
  const callbacks = createPhaseCallbacks({
    participants,
    deadlines,
    drainDeadlineAt,
    reason: () => trigger.reason,
    onSettled: changed,
  })
  const draining = createDraining({
    participants,
    callbacks,
    holds,
    servers,
    deadlines,
    log,
    releaseMs: () => budget.releaseMs,
    onChange: changed,
  })

  const enter = (phase: Phase, deadlineAt: number, after: string, endsAt?: number): void => {
    const counters = boundaries.cross(phase, after)
    phases.advance(phase)
    log.info({ phase, reason: trigger.reason, after, ...counters }, phase)
    callbacks.enter(phase, deadlineAt, endsAt)
    registry.timeline?.changed()
  }

  const waits = createServingPhases({
    servers,
    deadlines,
    draining,
    budget: () => budget,
    lameDuckEndsAt: () => Math.min(startedAt + budget.lameDuck.maxMs, drainDeadlineAt()),
    drainDeadlineAt,
  })

  const drain = (step: InStep): Promise<string> => {
    for (const server of servers) draining.waitFor(server.drain())
    // not before: the others would see nothing in flight in between
    drains = true
    registry.timeline?.changed()
    return draining.run(() => draining.idle && step.everyoneIsDrained(), drainDeadlineAt())
  }

  const release = async (step: InStep): Promise<void> => {
    for (const server of servers) server.close(budget.releaseMs)
    drained.reach()
    await step.othersReported(guardAt())
    releasing = startReleasing({
      participants,
      clock,
      reason: trigger.reason,
      deadlineAt: guardAt(),
      releaseMs: budget.releaseMs,
      isFollowed: step.isFollowed,
    })
    await releasing.done
    // before anybody knows: a framework whose close is over may end the process at once
    keptAlive = await keptAliveAtLast(registry, clock)
    released.reach()
    deadlines.clear()
  }

  const reportSoFar = (): Report =>
    createReport({
      reason: trigger.reason,
      tookMs: Math.round(deadlines.elapsed()),
      budget,
      from: parts.options.graceFrom,
      phases: [...boundaries.records],
      traffic: traffic(servers),
      holdsCut: draining.holdsCut,
      participants: participants.records(),
      crashes: timeline?.crashes ?? 0,
      keptAlive,
    })

  const run = async (): Promise<void> => {
    // a signal handled in this turn of the loop makes it part of a process-wide shutdown
    if (!timeline) await new Promise<void>((resolve) => clock.turn(resolve))
    decided = true
    const skip = skipReasons({
      options: parts.options,
      kind: trigger.kind,
      serves,
      wasReady,
      watched: surroundings.watched,
      readinessAskedMs: clock.now() - (registry.readinessAskedAt ?? -Infinity),
    })
    const step = keepStep({ registry, timeline, deadlines, serves, isShared: parts.isShared })
    const stopCancelling = deadlines.at(drainDeadlineAt() - budget.cancelMs, () => {
      parts.cancelling.abort()
      callbacks.cancel()
    })
    let ended = await waits.lameDuck(step, skip.lameDuck)

    const lastCallEndsAt = Math.min(clock.now() + budget.lastCall.maxMs, drainDeadlineAt())
    const hurried = isImpatient(trigger.kind, surroundings.watched)
    enter('last-call', lastCallEndsAt, ended, hurried ? clock.now() : lastCallEndsAt)
    parts.stopping.abort()
    ended = await waits.lastCall(step, skip.lastCall, lastCallEndsAt)
    // a timer says so before the loop polls: what has arrived by now is read first, and served
    if (skip.lameDuck === undefined || skip.lastCall === undefined) await polled(clock)

    enter('draining', drainDeadlineAt(), ended)
    ended = await drain(step)
    stopCancelling()

    enter('releasing', guardAt(), ended)
    await release(step)

    enter('stopped', guardAt(), 'everything was attempted')
    const report = reportSoFar()
    deadlines.clear()
    options.onReport(report)
    reported.reach(report)
  }

  return {
    serves,
    whenDrained: drained.promise,
    whenReleased: released.promise,
    report: reported.promise,
    reportSoFar,
    get drained() {
      if (phases.current === 'draining') return (drains && draining.idle) || draining.gaveUp
      return !isBefore(phases.current, 'releasing')
    },
    get keepsStep() {
      return timeline !== undefined
    },
    get released() {
      return released.reached
    },
    start() {
      enter('lame-duck', startedAt + budget.lameDuck.maxMs, 'it began')
      // never rejects: whatever the user's code throws is caught where it is called
      void run()
    },
    join(shared) {
      if (decided) return
      timeline = shared
      trigger = shared
      budget = budgetFor(shared.graceMs)
    },
    changed: () => draining.changed(),
    participantAdded(entry) {
      callbacks.added(entry, phases.current)
      releasing?.added()
    },
    serverAdded(server) {
      if (isBefore(phases.current, 'last-call')) return
      draining.waitFor(server.lastCall(budget.lastCall, phases.current !== 'last-call'))
      if (!isBefore(phases.current, 'draining')) draining.waitFor(server.drain())
      if (!isBefore(phases.current, 'releasing')) server.close(budget.releaseMs)
    },
  }
}
