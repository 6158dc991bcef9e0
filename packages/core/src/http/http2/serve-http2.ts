import type { CutRequest, Serving } from '../../serving.js'
import type { LastCall } from '../last-call.js'
import type { Room, Surroundings } from '../room.js'
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
  let telling: LastCall | undefined
  let draining: Promise<void> | undefined
  let refused = 0
  let cut: CutRequest[] | undefined

  const drain = (): Promise<void> => {
    const answer = refuseStream(surroundings, () => (refused += 1))
    unguard = guardStreams(server, (stream, headers) => {
      traffic.count(stream, headers)
      answer(stream, headers)
    })
    return drainSessions(traffic, listener, clock)
  }

  const serving: Serving = {
    get active() {
      return server.listening || traffic.sessions.size > 0
    },
    lameDuck: (budget) => lameDuckSessions({ traffic, clock, random, budget, probes }),
    async lastCall(budget, skipped) {
      const startedAt = clock.now()
      await listener.close(skipped ? undefined : budget.maxMs)
      if (skipped || draining) return
      const maxMs = Math.max(0, startedAt + budget.maxMs - clock.now())
      const { handshakes } = listener
      telling = lastCallSessions({ traffic, clock, random, budget: { ...budget, maxMs }, handshakes })
      await telling.over
    },
    drain() {
      telling?.end()
      return (draining ??= drain())
    },
    cut() {
      cut = cutStreams(traffic, clock, random)
    },
    close() {
      listener.handshakes.destroy()
      if (!cut) traffic.destroyAll()
    },
    snapshot: () => ({
      requests: traffic.requests,
      inFlight: traffic.inFlight + traffic.abandoned.size + [...traffic.sessions].filter(isFlushing).length,
      connections: traffic.sessions.size,
      refused,
      cut: cut ?? [],
      closed: traffic.closed,
      gaveUpAccepting: listener.gaveUpAccepting,
    }),
  }
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
