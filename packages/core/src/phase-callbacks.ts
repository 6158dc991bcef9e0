import type { Deadlines } from './deadlines.js'
import { timedOut } from './errors.js'
import type { CallbackName, Entry, Participants, PhaseContext } from './participants.js'
import type { Phase } from './phases.js'

/** Calls the participants in every phase but releasing, and knows whom draining waits for. */
export interface PhaseCallbacks {
  /** Participants that have not finished what they were asked for so far. */
  readonly busy: ReadonlyMap<Entry, unknown>
  /**
   * Everyone's callback of this phase, at the same time. Its signal aborts at `deadlineAt`; the phase ends at `endsAt`,
   * where that comes first.
   */
  enter(phase: Phase, deadlineAt: number, endsAt?: number): void
  /** Somebody registered in the middle: the callback of the phase in progress, none of the earlier ones. */
  added(entry: Entry, phase: Phase): void
  /** The drain deadline is near: everyone's `onCancel`. */
  cancel(): void
}

const callbackOf: { readonly [phase in Phase]?: CallbackName } = {
  'lame-duck': 'onLameDuck',
  'last-call': 'onLastCall',
  draining: 'onDrain',
}

export function createPhaseCallbacks(options: {
  participants: Participants
  deadlines: Deadlines
  reason: () => string
  drainDeadlineAt: () => number
  /** A participant has finished. */
  onSettled: () => void
}): PhaseCallbacks {
  const { participants, deadlines, drainDeadlineAt } = options
  /** Of each, what settles when it has finished everything so far. */
  const busy = new Map<Entry, Promise<unknown>>()
  let current: PhaseContext | undefined

  const track = (entry: Entry, promise: Promise<unknown> | undefined): void => {
    if (!promise) return
    const everything = Promise.all([busy.get(entry), promise])
    busy.set(entry, everything)
    // never rejects: participants.invoke keeps the error
    void everything.then(() => {
      if (busy.get(entry) !== everything) return
      busy.delete(entry)
      options.onSettled()
    })
  }

  const call = (entry: Entry, context: PhaseContext): void => {
    const name = callbackOf[context.phase]
    const earlier = busy.get(entry)
    if (!name || !entry.participant[name]) return
    if (name === 'onDrain' && earlier) {
      // not for longer than there is time to drain
      track(
        entry,
        deadlines.within(earlier, drainDeadlineAt()).then(() => participants.invoke(entry, name, context)),
      )
    } else track(entry, participants.invoke(entry, name, context))
  }

  const contextUntil = (phase: Phase, at: number, endsAt = at): PhaseContext => {
    const controller = new AbortController()
    const ms = Math.max(0, at - deadlines.now())
    deadlines.at(at, () => controller.abort(timedOut(phase, 'Phase', ms)))
    return {
      signal: controller.signal,
      phase,
      reason: options.reason(),
      get remainingMs() {
        return Math.max(0, endsAt - deadlines.now())
      },
    }
  }

  return {
    busy,
    enter(phase, deadlineAt, endsAt) {
      current = contextUntil(phase, deadlineAt, endsAt)
      for (const entry of [...participants.entries.values()]) call(entry, current)
    },
    added(entry, phase) {
      // a phase listener registers before the phase is entered here: `enter` is about to call it
      if (current?.phase === phase) call(entry, current)
    },
    cancel() {
      const context = contextUntil('draining', drainDeadlineAt())
      for (const entry of [...participants.entries.values()])
        track(entry, participants.invoke(entry, 'onCancel', context))
    },
  }
}
