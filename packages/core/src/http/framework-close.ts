import { internalsOf } from '../internals.js'
import { createMilestone } from '../milestone.js'
import { leads, type Participant } from '../participants.js'
import { isBefore } from '../phases.js'
import type { Shutdown } from '../shutdown.js'
import { registerNumbered } from './register-numbered.js'

/** The two ends of a framework's own close, to be called from the first and the last of its hooks. */
export interface FrameworkClose {
  /**
   * For the framework's start, while that can still fail. Throws `ERR_LASTCALL_UNKNOWN` or `ERR_LASTCALL_CYCLE`, for
   * participants that depend on what nobody registered, or on each other.
   */
  check(): void
  /** For a hook that runs before the app's own. Settles when nothing is in flight any more: only then may those run. */
  first(): Promise<void>
  /** For a hook that runs after the app's own. Settles when everything else is released too. */
  last(): Promise<void>
}

/**
 * Ties a framework that closes by hooks of its own to a shutdown, whichever begins: for adapters. A shutdown closes the
 * framework first of all participants, since the app's hooks may use any of them; a close by the app's own code drains
 * first, and then releases. A name that is taken gets a number.
 * @example const { first, last } = tieClose(shutdown, 'fastify', () => app.close())
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
