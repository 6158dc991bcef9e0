import { longestTimerMs, type Clock } from './clock.js'
import { badParticipant, cycle, duplicate, unknownDependency } from './errors.js'
import type { Logger } from './logger.js'
import type { Phase } from './phases.js'
import { releaseOrder, type ReleaseOrder } from './release-order.js'

/** What a callback is handed. */
export interface PhaseContext {
  /** Aborts when the time of the callback is up. */
  readonly signal: AbortSignal
  readonly phase: Phase
  readonly reason: string
  /** What is left of the phase, at most, in ms. In a last call that is left out since nobody wants to wait it is 0. */
  readonly remainingMs: number
}

type Callback = (context: PhaseContext) => unknown

/**
 * Something that has something to do at shutdown. Every callback is optional and may be async.
 * Callbacks of different participants run at the same time, except in releasing, which keeps the order of dependence.
 */
export interface Participant {
  /** Readiness has turned 503, everything is still served: stop fetching work. */
  readonly onLameDuck?: Callback
  /** The listener is closed: tell those who are connected to leave. */
  readonly onLastCall?: Callback
  /** Finish what is in hand. Draining waits for it, until its deadline. */
  readonly onDrain?: Callback
  /** The drain deadline is near: give up in good order. */
  readonly onCancel?: Callback
  /** Give the resource back. */
  readonly onRelease?: Callback
  /**
   * Names that must stay open until this one is released; `[]` says independent.
   * @default everything registered before it
   */
  readonly dependsOn?: readonly string[]
  /** How long `onRelease` may take, in ms. @default half of what is left of releasing, all of it for the last one */
  readonly timeoutMs?: number
}

/** @internal Marks the participant of an adapter: released first, after only those that name it. */
export const leads: unique symbol = Symbol.for('lastcall.leads.1') as never

/** How one participant fared, as the report has it. */
export interface ParticipantRecord {
  readonly name: string
  /** How long its release took; undefined when it has none. */
  readonly releaseMs: number | undefined
  /** The message of its first fault. */
  readonly error: string | undefined
  /** It was still busy when its time was up. */
  readonly cut: boolean
}

export interface Entry {
  readonly name: string
  readonly participant: Participant
  readonly leads: boolean
  /** Its release has begun: others wait for it from here on, even if it is removed. */
  releasing: boolean
  releaseMs: number | undefined
  error: unknown
  cut: boolean
}

export type CallbackName = 'onLameDuck' | 'onLastCall' | 'onDrain' | 'onCancel' | 'onRelease'

const callbackNames: readonly CallbackName[] = [
  'onLameDuck',
  'onLastCall',
  'onDrain',
  'onCancel',
  'onRelease',
]

export interface Participants {
  readonly entries: ReadonlyMap<string, Entry>
  /** Throws when the participant is malformed or its name is taken. */
  add(name: string, participant: Participant | Callback): Entry
  remove(entry: Entry): void
  /** Throws the first wrong dependency; says which timeouts will be capped. */
  check(releaseMs: number): void
  /** The order; wrong dependencies are logged once, mark their participant failed, and are dropped. */
  order(): ReleaseOrder
  /** Calls one callback. Settles with it, never rejects; undefined when there was nothing to wait for. */
  invoke(entry: Entry, callback: CallbackName, context: PhaseContext): Promise<void> | undefined
  /** The names of those whose callbacks have not settled. */
  unfinished(): string[]
  fail(entry: Entry, error: unknown, during: string): void
  records(): ParticipantRecord[]
}

export function createParticipants(clock: Clock, log: Logger, onInvoke?: () => void): Participants {
  const entries = new Map<string, Entry>()
  const reported = new Set<string>()
  const running = new Map<Entry, number>()

  const fail = (entry: Entry, error: unknown, during: string): void => {
    entry.error ??= error ?? new Error(`${during} failed without an error`)
    log.error(
      { participant: entry.name, during, err: error },
      `participant '${entry.name}' failed in ${during}`,
    )
  }

  const nodes = () =>
    [...entries.values()].map((entry) => ({
      name: entry.name,
      dependsOn: entry.participant.dependsOn,
      leads: entry.leads,
    }))

  return {
    entries,
    fail,
    add(name, given) {
      const participant = typeof given === 'function' ? { onRelease: given } : given
      checkParticipant(name, participant)
      if (entries.has(name)) throw duplicate(name)
      const entry: Entry = {
        name,
        participant,
        leads: leads in participant,
        releasing: false,
        releaseMs: undefined,
        error: undefined,
        cut: false,
      }
      entries.set(name, entry)
      return entry
    },
    remove(entry) {
      if (entries.get(entry.name) === entry && !entry.releasing) entries.delete(entry.name)
    },
    check(releaseMs) {
      const { unknown, cycles } = releaseOrder(nodes())
      for (const { name, missing } of unknown) throw unknownDependency(name, missing)
      for (const path of cycles) throw cycle(path)
      for (const { name, participant } of entries.values()) {
        const { timeoutMs } = participant
        if (timeoutMs === undefined || timeoutMs <= releaseMs) continue
        log.warn(
          { participant: name, timeoutMs, releaseMs },
          `timeoutMs of '${name}' is longer than releaseMs and will be cut to it`,
        )
      }
    },
    order() {
      const order = releaseOrder(nodes())
      const faults = [
        ...order.unknown.map(({ name, missing }) => ({ name, error: unknownDependency(name, missing) })),
        ...order.cycles.map((path) => ({ name: path[0] ?? '', error: cycle(path) })),
      ]
      for (const { name, error } of faults) {
        const entry = entries.get(name)
        if (!entry || reported.has(error.message)) continue
        reported.add(error.message)
        fail(entry, error, 'dependsOn')
      }
      return order
    },
    invoke(entry, callback, context) {
      const { participant } = entry
      if (!participant[callback]) return undefined
      const startedAt = clock.now()
      running.set(entry, (running.get(entry) ?? 0) + 1)
      onInvoke?.()
      const done = (): void => {
        if (callback === 'onRelease') entry.releaseMs = Math.round(clock.now() - startedAt)
        const left = (running.get(entry) ?? 1) - 1
        if (left > 0) running.set(entry, left)
        else running.delete(entry)
      }
      try {
        const result: unknown = participant[callback](context)
        if (!isThenable(result)) {
          done()
          return undefined
        }
        return Promise.resolve(result).then(done, (error: unknown) => {
          done()
          fail(entry, error, callback)
        })
      } catch (error) {
        done()
        fail(entry, error, callback)
        return undefined
      }
    },
    unfinished: () => [...running.keys()].map(({ name }) => name),
    records: () =>
      [...entries.values()].map(({ name, releaseMs, error, cut }) => ({
        name,
        releaseMs,
        error: messageOf(error),
        cut,
      })),
  }
}

function checkParticipant(name: unknown, participant: unknown): void {
  if (typeof name !== 'string' || name === '')
    throw badParticipant(name, 'needs a name that is a string and not empty')
  if (typeof participant !== 'object' || participant === null) {
    throw badParticipant(
      name,
      'must be a function, which is called to release it, or an object with callbacks',
    )
  }
  for (const [key, value] of Object.entries(participant)) {
    if (key === 'dependsOn') {
      const names: unknown = value
      if (
        names === undefined ||
        (Array.isArray(names) && names.every((needed) => typeof needed === 'string'))
      )
        continue
      throw badParticipant(name, 'has a dependsOn that is not an array of names')
    }
    if (key === 'timeoutMs') {
      if (value === undefined || (typeof value === 'number' && value > 0 && value <= longestTimerMs)) continue
      throw badParticipant(name, `has a timeoutMs that is not a number of ms from 1 to ${longestTimerMs}`)
    }
    if (!callbackNames.includes(key as CallbackName)) {
      throw badParticipant(
        name,
        `has '${key}', which is none of: ${callbackNames.join(', ')}, dependsOn, timeoutMs`,
      )
    }
    if (value !== undefined && typeof value !== 'function')
      throw badParticipant(name, `has a ${key} that is not a function`)
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}

function messageOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  return error instanceof Error ? error.message : String(error)
}
