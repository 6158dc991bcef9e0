import type { Cancel, Clock } from './clock.js'
import { timedOut } from './errors.js'
import { createMilestone } from './milestone.js'
import type { Entry, Participants } from './participants.js'

export interface Releasing {
  /** Settles when every participant was attempted, at the deadline at the latest. */
  readonly done: Promise<void>
  /** Somebody registered: what is left is looked through again. */
  added(): void
}

/**
 * Releases every participant once all that depend on it have been attempted; independent ones at the same time.
 * One that fails or takes too long never holds up the rest.
 */
export function startReleasing(options: {
  participants: Participants
  clock: Clock
  reason: string
  /** When everything has to be over, on the clock. */
  deadlineAt: number
  /** The longest a participant may ask for, in ms. */
  releaseMs: number
  /** Other instances release after this one: some of the time is theirs. */
  isFollowed: () => boolean
}): Releasing {
  const { participants, clock, reason, deadlineAt } = options
  const attempted = new Set<Entry>()
  const done = createMilestone<void>()

  /** Half of what is left, all of it when nothing comes after. */
  const timeFor = (entry: Entry): number => {
    const leftMs = Math.max(0, deadlineAt - clock.now())
    const wanted = entry.participant.timeoutMs
    if (wanted !== undefined) return Math.min(wanted, options.releaseMs, leftMs)
    const others = [...participants.entries.values()].some(
      (other) => other !== entry && !other.releasing && other.participant.onRelease,
    )
    return others || options.isFollowed() ? leftMs / 2 : leftMs
  }

  const release = (entry: Entry): void => {
    entry.releasing = true
    const ms = timeFor(entry)
    const controller = new AbortController()
    const running = participants.invoke(entry, 'onRelease', {
      signal: controller.signal,
      phase: 'releasing',
      reason,
      remainingMs: ms,
    })
    if (!running) return settle(entry)
    const cancel: Cancel = clock.after(
      ms,
      () => {
        entry.cut = true
        participants.fail(entry, timedOut(entry.name, 'Releasing', ms), 'onRelease')
        controller.abort(entry.error)
        settle(entry)
      },
      true,
    )
    // never rejects: invoke keeps the error
    void running.then(() => {
      cancel()
      settle(entry)
    })
  }

  const settle = (entry: Entry): void => {
    if (attempted.has(entry)) return
    attempted.add(entry)
    proceed()
  }

  let proceeding = false
  const proceed = (): void => {
    // a participant without a callback settles at once, inside the loop below
    if (proceeding) return
    proceeding = true
    for (let again = true; again;) {
      again = false
      const { waitsFor } = participants.order()
      for (const entry of participants.entries.values()) {
        if (entry.releasing) continue
        const free = [...(waitsFor.get(entry.name) ?? [])].every((name) => {
          const other = participants.entries.get(name)
          return !other || attempted.has(other)
        })
        if (!free) continue
        release(entry)
        again = true
      }
    }
    proceeding = false
    if (attempted.size >= participants.entries.size) done.reach()
  }

  proceed()
  return { done: done.promise, added: proceed }
}
