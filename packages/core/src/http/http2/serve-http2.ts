import type { Room, Surroundings } from '../room.js'
import { servePhases } from '../serve-phases.js'
import type { SessionServer } from '../servers.js'
import { cutStreams } from './cut-streams.js'
import { drainSessions, refuseStream } from './drain-sessions.js'
import { lameDuckSessions } from './lame-duck-sessions.js'
import { lastCallSessions } from './last-call-sessions.js'
import { trackSessions, type Session } from './sessions.js'
import { guardStreams } from './stream-guard.js'

/** The HTTP/2 of a server, phase by phase: a session is told to go by GOAWAY, whether anything is in flight on it or not. */
export function serveHttp2(server: SessionServer, surroundings: Surroundings): Room {
  const { clock, random, listener, probes } = surroundings
  const traffic = trackSessions(server, clock)
  let unguard = (): void => {}

  const serving = servePhases(server, surroundings, {
    connections: traffic.sessions,
    traffic,
    inFlight: () =>
      traffic.inFlight + traffic.abandoned.size + [...traffic.sessions].filter(isFlushing).length,
    lameDuck: (budget) => lameDuckSessions({ traffic, clock, random, budget, probes }),
    lastCall: (budget) =>
      lastCallSessions({ traffic, clock, random, budget, handshakes: listener.handshakes }),
    drain(onRefused) {
      const answer = refuseStream(surroundings, onRefused)
      unguard = guardStreams(server, (stream, headers) => {
        traffic.count(stream, headers)
        answer(stream, headers)
      })
      return drainSessions(traffic, listener, clock)
    },
    cut: () => cutStreams(traffic, clock, random),
    destroyAll: traffic.destroyAll,
  })
  return {
    serving,
    countLate(res) {
      if ('stream' in res && res.stream) traffic.count(res.stream, res.req.headers)
    },
    undo() {
      unguard()
      traffic.untrack()
    },
  }
}

/** Its streams are over, and something of them is not with the kernel yet. */
const isFlushing = ({ http2, socket, exchanges }: Session): boolean =>
  http2.closed && exchanges.size === 0 && !socket.writableFinished
