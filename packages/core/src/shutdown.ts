import { channel } from 'node:diagnostics_channel'
import { setMaxListeners } from 'node:events'
import { deriveBudget, type Budget } from './budget.js'
import { systemClock, type Clock } from './clock.js'
import { whenProcessDrained } from './drain-process.js'
import { tooLate } from './errors.js'
import { logExplanation } from './explain.js'
import { checkReadiness, type Health } from './health.js'
import { createHolds, type Hold } from './holds.js'
import { internals, type Internals } from './internals.js'
import { createMilestone } from './milestone.js'
import { resolveOptions, type ShutdownOptions } from './options.js'
import { createParticipants, type Participant } from './participants.js'
import type { Parts } from './parts.js'
import { pendingIn } from './pending.js'
import { createPhaseTrack, isBefore, type Phase } from './phases.js'
import { listenToPm2, pm2CrashListeners, tellPm2 } from './pm2.js'
import { leave, registry as processRegistry, type Member, type Registry } from './registry.js'
import { summarise, type Report } from './report.js'
import { createSequence, type Sequence } from './sequence.js'
import type { Serving } from './serving.js'
import { listenToCrashes, listenToSignals, surroundings, warnOfForeignListeners } from './signals.js'
import { beginTimeline, type Timeline, type Trigger } from './timeline.js'

/** Graceful shutdown for one app, or for code that belongs to none. */
export interface Shutdown {
  readonly phase: Phase
  /** Aborts at last call: hand it to long polls, event streams and background loops. */
  readonly stopping: AbortSignal
  /** Aborts shortly before the drain deadline: hand it to `fetch` and queries. */
  readonly cancelling: AbortSignal
  /**
   * The app is ready: readiness turns 200. Adapters call it when the server listens, unless `manualReady`.
   * Throws `ERR_LASTCALL_UNKNOWN` or `ERR_LASTCALL_CYCLE` when participants depend on what does not exist.
   */
  ready(): void
  /**
   * Begins the shutdown of this instance; of the whole process with `exit`. Readiness is 503 when it returns.
   * Never throws, never rejects; every caller gets the same promise.
   */
  begin(reason: string, options?: { readonly exit?: boolean }): Promise<Report>
  /**
   * Adds a participant; a function is called to release. Returns what removes it.
   * Throws `ERR_LASTCALL_PARTICIPANT`, `ERR_LASTCALL_DUPLICATE`, and `ERR_LASTCALL_TOO_LATE` once stopped.
   * @example shutdown.register('postgres', () => pool.end())
   */
  register(name: string, participant: Participant | NonNullable<Participant['onRelease']>): () => void
  /** Takes a hold: nothing is released until it is given back. Throws `ERR_LASTCALL_TOO_LATE` in releasing or later. */
  hold(kind: string, label?: string): Hold
  /** Holds until the promise settles, and returns it. */
  track<T>(work: Promise<T>, label?: string): Promise<T>
  /** Calls back at every change of phase, before anybody outside can see it. Returns what unsubscribes. */
  subscribe(listener: (phase: Phase, shutdown: Shutdown) => void): () => void
  /** For probes of your own; whoever asks is taken to watch readiness. */
  health(): Health
}

const phaseChannel = channel('lastcall.phase')
const reportChannel = channel('lastcall.report')

/** Makes an instance. Throws `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`. */
export function createShutdown(options: ShutdownOptions = {}): Shutdown {
  return assembleShutdown(options, { clock: systemClock, registry: processRegistry(), isShared: false })
}

/** The instance of this process for code that belongs to no app; one, even when several copies of the package run. */
export function getShutdown(): Shutdown {
  const registry = processRegistry()
  return (registry.shared ??= assembleShutdown({}, { clock: systemClock, registry, isShared: true }))
}

/** @internal */
export function assembleShutdown(
  given: ShutdownOptions,
  { clock, registry, isShared }: { clock: Clock; registry: Registry; isShared: boolean },
): Shutdown {
  const options = resolveOptions(given, surroundings.env, surroundings.pid)
  const log = options.logger
  const phases = createPhaseTrack((error) => log.error({ err: error }, 'a phase listener threw'))
  const participants = createParticipants(clock, log, () => registry.timeline?.tell?.())
  const servers = new Set<Serving>()
  const stopping = new AbortController()
  const cancelling = new AbortController()
  // one signal is handed to every request
  setMaxListeners(0, stopping.signal, cancelling.signal)
  const stopped = createMilestone<void>()
  const holds = createHolds(clock, () => sequence?.changed())
  const parts: Parts = {
    options,
    clock,
    log,
    registry,
    phases,
    participants,
    holds,
    servers,
    stopping,
    cancelling,
    isShared,
  }
  const budgetFor = (graceMs: number): Budget => deriveBudget(graceMs, options.wishes)

  let sequence: Sequence | undefined
  let report: Report | undefined

  const member: Member = {
    isShared,
    mayExit: options.exit,
    guardian: options.guardian,
    graceMs: options.graceMs,
    graceIsGiven: options.graceFrom === 'option',
    budgetFor,
    get phase() {
      return phases.current
    },
    get serves() {
      return sequence?.serves ?? [...servers].some((server) => server.active)
    },
    get drained() {
      return sequence?.drained ?? false
    },
    get keepsStep() {
      return sequence?.keepsStep ?? false
    },
    get released() {
      return sequence?.released ?? false
    },
    get report() {
      return report
    },
    reportSoFar: () => report ?? sequence?.reportSoFar(),
    flushLogs: () => log.flush(),
    pending: () => pendingIn(parts),
    changed: () => sequence?.changed(),
    join: (timeline) => void (sequence ? sequence.join(timeline) : start(timeline, timeline)),
  }

  const start = (trigger: Trigger, timeline?: Timeline): Promise<Report> => {
    if (sequence) return sequence.report
    // known before it starts: whoever it calls back may ask for it
    sequence = createSequence({ parts, trigger, timeline, budgetFor, onReport: finish })
    sequence.start()
    return sequence.report
  }

  const startProcess = (trigger: Trigger): Timeline => {
    // one that has stopped on its own has left, yet its report decides about the exit code
    registry.members.add(member)
    return beginTimeline(registry, trigger, clock, log)
  }

  const finish = (finished: Report): void => {
    report = finished
    log[finished.verdict === 'clean' ? 'info' : 'error']({ report }, summarise(finished))
    reportChannel.publish(finished)
    // async, since an onReport that is may reject
    const handOut = async (): Promise<void> => options.onReport?.(finished)
    handOut().catch((error: unknown) => log.error({ err: error }, 'onReport threw'))
    if (registry.timeline) registry.timeline.changed()
    else leave(registry, member)
    stopped.reach()
  }

  const own: Internals = {
    options,
    clock,
    log,
    serve(server) {
      servers.add(server)
      sequence?.serverAdded(server)
      return () => void servers.delete(server)
    },
    listening: () => (options.manualReady ? undefined : shutdown.ready()),
    expectListener(is) {
      registry.expected ??= []
      if (!registry.expected.includes(is)) registry.expected.push(is)
    },
    checkParticipants: () => participants.check(budgetFor(options.graceMs).releaseMs),
    close: (reason) => start({ reason, kind: 'close' }),
    whenDrained: () => sequence?.whenDrained ?? Promise.resolve(),
    whenReleased: () => sequence?.whenReleased ?? Promise.resolve(),
    get isProcessWide() {
      return registry.timeline !== undefined
    },
    drainProcess: (reason) =>
      whenProcessDrained(registry, registry.timeline ?? startProcess({ reason, kind: 'drain' })),
    whenOver: () => stopped.promise.then(() => registry.timeline?.over),
    checkReadiness: () => checkReadiness(() => shutdown.health().ready, options.readiness, clock),
  }

  const shutdown: Shutdown & Record<typeof internals, Internals> = {
    [internals]: own,
    stopping: stopping.signal,
    cancelling: cancelling.signal,
    get phase() {
      return phases.current
    },
    ready() {
      if (phases.current !== 'starting') return
      own.checkParticipants()
      warnOfForeignListeners(registry, log)
      if (options.crashes) listenToCrashes(registry, log, pm2CrashListeners(options))
      logExplanation(options)
      phases.advance('running')
      tellPm2(options)
    },
    begin(reason, { exit = false } = {}) {
      if (exit && registry.timeline) registry.timeline.signalled(reason)
      else if (exit) startProcess({ reason, kind: 'begin' })
      return start({ reason, kind: 'begin' })
    },
    register(name, participant) {
      if (phases.current === 'stopped') throw tooLate(`Registering '${name}'`, phases.current)
      const entry = participants.add(name, participant)
      sequence?.participantAdded(entry)
      return () => participants.remove(entry)
    },
    hold(kind, label) {
      if (!isBefore(phases.current, 'releasing')) throw tooLate(`A hold for '${kind}'`, phases.current)
      return holds.take(kind, label)
    },
    async track(work, label = 'work') {
      const hold = shutdown.hold(label)
      try {
        return await work
      } finally {
        hold.release()
      }
    },
    subscribe: (listener) => phases.subscribe((phase) => listener(phase, shutdown)),
    health() {
      registry.readinessAskedAt = clock.now()
      return { live: true, ready: phases.current === 'running', phase: phases.current }
    },
  }

  // the first to be told of a phase
  phases.subscribe(() => registry.timeline?.tell?.())
  phases.subscribe((phase) => phaseChannel.publish({ phase, shutdown }))
  registry.members.add(member)
  listenToSignals(registry, options.signals, log)
  listenToPm2(options, registry)
  // made while the process is already shutting down
  if (registry.timeline) member.join(registry.timeline)
  return shutdown
}
