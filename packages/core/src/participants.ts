import type { Clock } from './clock.js'
import { badParticipant, cycle, duplicate, unknownDependency } from './errors.js'
import type { Logger } from './logger.js'
import { callback, duration, type Rule } from './option-rules.js'
import type { Phase } from './phases.js'
import { releaseOrder, type Node, type ReleaseOrder } from './release-order.js'

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

export interface Entry extends Node {
  readonly participant: Participant
  /** Its release has begun: others wait for it from here on, even if it is removed. */
  releasing: boolean
  releaseMs: number | undefined
  error: unknown
  cut: boolean
}

export type CallbackName = 'onLameDuck' | 'onLastCall' | 'onDrain' | 'onCancel' | 'onRelease'

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
  const running = new Set<{ readonly name: string }>()

  const fail = (entry: Entry, error: unknown, during: string): void => {
    entry.error ??= error ?? new Error(`${during} failed without an error`)
    log.error(
      { participant: entry.name, during, err: error },
      `participant '${entry.name}' failed in ${during}`,
    )
  }

  const order = (): ReleaseOrder => releaseOrder([...entries.values()])

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
        dependsOn: participant.dependsOn,
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
      for (const { error } of faultsIn(order())) throw error
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
      const found = order()
      for (const { name, error } of faultsIn(found)) {
        const entry = entries.get(name)
        if (!entry || reported.has(error.message)) continue
        reported.add(error.message)
        fail(entry, error, 'dependsOn')
      }
      return found
    },
    invoke(entry, during, context) {
      const { name, participant } = entry
      if (!participant[during]) return undefined
      const startedAt = clock.now()
      const call = { name }
      running.add(call)
      onInvoke?.()
      const done = (): void => {
        running.delete(call)
        if (during === 'onRelease') entry.releaseMs = Math.round(clock.now() - startedAt)
      }
      const failed = (error: unknown): void => {
        done()
        fail(entry, error, during)
      }
      try {
        const result: unknown = participant[during](context)
        if (isThenable(result)) return Promise.resolve(result).then(done, failed)
        done()
      } catch (error) {
        failed(error)
      }
      return undefined
    },
    unfinished: () => [...new Set([...running].map(({ name }) => name))],
    records: () =>
      [...entries.values()].map(({ name, releaseMs, error, cut }) => ({
        name,
        releaseMs,
        error: messageOf(error),
        cut,
      })),
  }
}

const faultsIn = ({ unknown, cycles }: ReleaseOrder): { name: string; error: Error }[] => [
  ...unknown.map(({ name, missing }) => ({ name, error: unknownDependency(name, missing) })),
  ...cycles.map((path) => ({ name: path[0] ?? '', error: cycle(path) })),
]

const rules: Readonly<Record<string, Rule>> = {
  onLameDuck: callback,
  onLastCall: callback,
  onDrain: callback,
  onCancel: callback,
  onRelease: callback,
  dependsOn: {
    allowed: 'an array of names',
    fits: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  },
  timeoutMs: duration(1),
} satisfies Record<keyof Participant, Rule>

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
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    if (!rule) throw badParticipant(name, `has '${key}', which is none of: ${Object.keys(rules).join(', ')}`)
    if (value !== undefined && !rule.fits(value))
      throw badParticipant(name, `has a ${key} that is not ${rule.allowed}`)
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}

function messageOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  return error instanceof Error ? error.message : String(error)
}
