import { internalsOf } from '../internals.js'
import { createMilestone } from '../milestone.js'
import { leads, type Participant } from '../participants.js'
import { isBefore } from '../phases.js'
import type { Shutdown } from '../shutdown.js'
import { registerNumbered } from './register-numbered.js'

/** @internal The two ends of a framework's own close, to be called from its first and its last hook. */
export interface FrameworkClose {
  /** Throws when participants depend on what nobody registered, while the framework's start can still fail. */
  check(): void
  /** Settles when nothing is in flight any more: only then may the app's own hooks run. */
  first(): Promise<void>
  /** The app's hooks have run. Settles when everything else is released too. */
  last(): Promise<void>
}

/**
 * @internal Ties a framework's close to releasing, whichever begins it. A shutdown closes the framework first of all
 * participants, since the app's hooks may use any of them; a close by the app's own code drains first, and then releases.
 */
export function tieClose(
  shutdown: Shutdown,
  framework: string,
  close: () => Promise<unknown>,
): FrameworkClose {
  const own = internalsOf(shutdown)
  let closedBy: 'shutdown' | 'app' | undefined
  const lastHook = createMilestone<void>()

  const participant: Participant & Record<typeof leads, true> = {
    [leads]: true,
    onRelease() {
      // the app's own close waits in its last hook for all that is released after this
      if (closedBy === 'app') return lastHook.promise
      closedBy = 'shutdown'
      return close()
    },
  }
  if (shutdown.phase !== 'stopped') registerNumbered(shutdown, framework, participant)

  const drainFirst = async (): Promise<void> => {
    closedBy = 'app'
    if (!isBefore(shutdown.phase, 'releasing')) return
    // the report is for whoever began it: this waits for the drain alone
    void own.close(`${framework} was closed`)
    await own.whenDrained()
  }
  return {
    check: own.checkParticipants,
    async first() {
      if (closedBy === undefined) await drainFirst()
    },
    async last() {
      // an app that never became ready has no first hook
      if (closedBy === undefined) await drainFirst()
      lastHook.reach()
      if (closedBy === 'app') await own.whenReleased()
    },
  }
}
