import type { ServerResponse } from 'node:http'
import type { Budget } from '../budget.js'
import type { Cancel, Clock } from '../clock.js'
import { whenSilent } from '../stalled.js'
import type { Connection } from './connection.js'
import type { Traffic } from './connections.js'
import { createFarewells } from './farewells.js'
import { isIdle, isUploading } from './is-idle.js'
import { openResponse } from './open-response.js'
import { endIfStream } from './open-streams.js'
import { randomDelay, tellOn } from './tell.js'

/** Which part of its delay is added to the patience with a connection: even the last is closed before the phase is over. */
const apart = 0.8

/** What is planned for a connection that has not been told yet. */
interface Farewell {
  /** Its own random moment: from here on the next response says close. */
  readonly at: number
  /** How far away that was: connections that came to rest together are closed apart. */
  readonly delayMs: number
  cancelIdle: Cancel
}

export interface LastCall {
  /** Nobody is left to tell, or it was ended. */
  readonly over: Promise<void>
  /** Draining begins: it tells the rest in its own way. */
  end(): void
}

/**
 * The listener is closed: whoever is told to go does not come back here. Requests on open connections are served; each
 * connection is told at its own moment, on a response, or closed when it has been idle for long enough.
 */
export function lastCall(options: {
  traffic: Traffic
  clock: Clock
  budget: Budget['lastCall']
  random: () => number
  /** When the shutdown began. */
  beganAt: number
}): LastCall {
  const { traffic, clock, random, beganAt } = options
  const { maxMs, idleMs } = options.budget
  const startedAt = clock.now()
  const farewells = createFarewells<Connection, Farewell>({
    handshakes: traffic.handshakes,
    silentMs: idleMs,
    cancel: (farewell) => farewell.cancelIdle(),
  })
  const { forget } = farewells

  const admit = (connection: Connection): void => {
    const { latest } = connection
    if (connection.upgraded || (connection.told && !latest)) return
    const delayMs = randomDelay(random, traffic, maxMs / 2)
    const at = Math.min(clock.now() + delayMs, startedAt + maxMs / 2)
    if (latest) endIfStream(openResponse(latest), { clock, at })
    // in lame duck, on a response that goes on
    if (connection.told) return
    farewells.plan(connection, { at, delayMs, cancelIdle() {} })
    if (latest) tell(connection, latest)
    else if (connection.inFlight === 0) awaitIdle(connection)
  }

  const tell = (connection: Connection, res: ServerResponse): void => {
    const farewell = farewells.get(connection)
    if (farewell) tellOn(connection, res, { traffic, clock, at: farewell.at }, () => forget(connection))
  }

  /** Clients come back within twice their longest gap; nobody is waited for longer than half of the phase. */
  const awaitIdle = (connection: Connection): void => {
    const farewell = farewells.get(connection)
    if (!farewell) return
    farewell.cancelIdle()
    const patienceMs = Math.max(idleMs, 2 * connection.gapMs)
    // what was idle before says little: as connections go, a balancer's pool turns to those that it had no need of
    const silentSince = Math.max(connection.restingSince, beganAt)
    const idleAt = Math.max(farewell.at, silentSince + patienceMs + apart * farewell.delayMs)
    const closeAt = Math.min(idleAt, farewell.at + maxMs / 2)
    farewell.cancelIdle = clock.after(closeAt - clock.now(), () => {
      // a request that has arrived may not have been read: the loop polls once before this is decided
      clock.turn(() => {
        if (farewells.get(connection) !== farewell) return
        if (connection.upgraded) return forget(connection)
        if (isIdle(connection)) close(connection)
        else if (isUploading(connection))
          farewell.cancelIdle = whenSilent(connection, clock, () => close(connection))
      })
    })
  }

  const close = (connection: Connection): void => {
    traffic.end(connection, 'idle')
    forget(connection)
  }

  traffic.observer = {
    opened: admit,
    request(connection, _req, res) {
      if (connection.told) return
      farewells.get(connection)?.cancelIdle()
      endIfStream(openResponse(res), { clock, at: farewells.get(connection)?.at })
      tell(connection, res)
    },
    resting: awaitIdle,
    closed: forget,
  }
  for (const connection of traffic.connections) admit(connection)
  return farewells
}
