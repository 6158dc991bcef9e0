import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Clock } from '../../clock.js'
import { handshakeMs } from '../handshakes.js'
import type { Listener } from '../listener.js'
import { endIfStream } from '../open-streams.js'
import { refuse } from '../refuse.js'
import type { Surroundings } from '../room.js'
import { asRequest, asResponse } from './answer-stream.js'
import { sayGoaway } from './goaway.js'
import { openStream } from './open-stream.js'
import type { Session, SessionTraffic } from './sessions.js'

/** How long a client has to acknowledge the ping, in ms: work in flight is all that draining is there for. */
const ackMs = 1_000

/** Tells whoever is left, and settles when no session is, nor a handler whose client has left. */
export function drainSessions(traffic: SessionTraffic, listener: Listener, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let settling = true
    const look = (): void => {
      const { sessions, inFlight, abandoned } = traffic
      // streams are closed after their socket, and only then is it known whether they were answered
      if (!settling && sessions.size === 0 && inFlight === 0 && abandoned.size === 0) resolve()
    }
    const tell = (session: Session): void => {
      if (session.told) session.hurry(ackMs)
      else sayGoaway(session, { traffic, clock, waitMs: ackMs })
    }
    traffic.observer = { opened: tell, finished: look, gone: look }
    traffic.abandoned.watch(look)
    for (const session of traffic.sessions) {
      for (const exchange of session.exchanges) endIfStream(openStream(exchange), { clock })
      tell(session)
    }

    const settle = async (): Promise<void> => {
      await listener.close()
      await listener.handshakes.over(handshakeMs)
      settling = false
      look()
    }
    // never rejects: closing the listener does not
    void settle()
  })
}

/**
 * What becomes of streams that come between the two GOAWAYs while draining: 503, and their handlers never see them. Later
 * ones are ignored by Node, and their clients know from the last GOAWAY that they may ask again elsewhere.
 */
export function refuseStream(
  { probe, random }: Surroundings,
  onRefused: () => void,
): (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void {
  return (stream, headers) => {
    const response = asResponse(stream)
    if (response.headersSent || probe(asRequest(headers), response)) return
    onRefused()
    refuse(response, random)
  }
}
