import type { Budget } from '../../budget.js'
import type { Cancel, Clock } from '../../clock.js'
import { createFarewells } from '../farewells.js'
import type { Handshakes } from '../handshakes.js'
import type { LastCall } from '../last-call.js'
import { endIfStream } from '../open-streams.js'
import { randomDelay } from '../tell.js'
import type { Exchange } from './exchange.js'
import { ackMs, sayGoaway } from './goaway.js'
import { openStream } from './open-stream.js'
import type { Session, SessionTraffic } from './sessions.js'

/** What is planned for a session: nothing that is in flight on it has to end before its client is told to go. */
interface Farewell {
  readonly at: number
  readonly cancel: Cancel
}

/** The listener is closed: every session that was not told is told at its own moment. Over when each has its last GOAWAY. */
export function lastCallSessions(options: {
  traffic: SessionTraffic
  clock: Clock
  random: () => number
  budget: Budget['lastCall']
  handshakes: Handshakes
}): LastCall {
  const { traffic, clock, random, handshakes } = options
  const { maxMs, idleMs } = options.budget
  const latest = clock.now() + maxMs / 2
  const farewells = createFarewells<Session, Farewell>({
    handshakes,
    silentMs: idleMs,
    cancel: (farewell) => farewell.cancel(),
  })

  /** A moment of its own, the further away the more there are of its kind. */
  const moment = (size: number): number =>
    Math.min(latest, clock.now() + randomDelay(random, { connections: { size } }, maxMs / 2))

  const tell = (session: Session): void => {
    const waitMs = Math.min(ackMs, maxMs / 2)
    if (session.told) session.hurry(waitMs)
    else sayGoaway(session, { traffic, clock, waitMs })
  }
  /** Behind a proxy the streams of one session have as many clients, and nobody comes back to a session that was told. */
  const endEvents = (exchange: Exchange, toldAt: number): void =>
    endIfStream(openStream(exchange), { clock, at: Math.max(toldAt, moment(traffic.inFlight)) })

  const admit = (session: Session): void => {
    const at = session.told ? clock.now() : moment(traffic.sessions.size)
    for (const exchange of session.exchanges) endEvents(exchange, at)
    // in lame duck, and not yet done with what was in flight
    if (session.told && session.http2.closed) return
    const cancel = clock.after(at - clock.now(), () => tell(session))
    farewells.plan(session, { at, cancel })
  }

  traffic.observer = {
    opened: admit,
    request: (exchange) => endEvents(exchange, farewells.get(exchange.session)?.at ?? -Infinity),
    closing: farewells.forget,
    gone: farewells.forget,
  }
  for (const session of traffic.sessions) admit(session)
  return farewells
}
