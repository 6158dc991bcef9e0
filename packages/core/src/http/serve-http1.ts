import type { Server, ServerResponse } from 'node:http'
import { isBefore } from '../phases.js'
import { trackTraffic } from './connections.js'
import { cutInFlight } from './cut.js'
import { drain } from './draining.js'
import { guardIdleConnections } from './idle-connections.js'
import { lameDuck } from './lame-duck.js'
import { lastCall } from './last-call.js'
import { guardRequests, type RequestGuard } from './request-guard.js'
import type { Room, Surroundings } from './room.js'
import { servePhases } from './serve-phases.js'
import { endUpgraded } from './upgraded.js'

/** The HTTP/1.1 of a server, phase by phase: a connection is told to go on a response of its own. */
export function serveHttp1(server: Server, surroundings: Surroundings): Room {
  const { shutdown, clock, random, listener, probes, probe } = surroundings
  const traffic = trackTraffic(server, clock, listener.handshakes)
  const restore = guardIdleConnections(server, traffic, shutdown)
  let guard: RequestGuard | undefined
  let lameDuckAt: number | undefined
  const guarded = (): RequestGuard => (guard ??= guardRequests(server, traffic))
  const hold = (): (() => void) =>
    isBefore(shutdown.phase, 'releasing') ? shutdown.hold('request').release : () => {}

  const serving = servePhases(server, surroundings, {
    connections: traffic.connections,
    traffic,
    inFlight: () => traffic.inFlight + traffic.abandoned.size,
    lameDuck(budget) {
      lameDuckAt = clock.now()
      guarded()
      return lameDuck({ traffic, clock, random, budget, probes })
    },
    lastCall(budget, beganAt) {
      guarded()
      return lastCall({ traffic, clock, random, beganAt: lameDuckAt ?? beganAt, budget })
    },
    drain(onRefused) {
      const listenerClosed = listener.close()
      return drain({ guard: guarded(), traffic, clock, random, probe, listenerClosed, onRefused, hold })
    },
    cut: () => cutInFlight(traffic, clock, random),
    endUpgraded: (releaseMs) => endUpgraded(traffic, { clock, silentMs: Math.min(1_000, releaseMs / 4) }),
    destroyAll: () => traffic.destroyAll(() => true),
  })
  return {
    serving,
    countLate(res) {
      if (res.req.httpVersionMajor > 1 || traffic.find(res.req.socket)) return
      const { req } = res as ServerResponse
      const connection = traffic.count(req, res as ServerResponse)
      traffic.observer?.request(connection, req, res as ServerResponse)
    },
    undo() {
      restore()
      guard?.undo()
      traffic.untrack()
    },
  }
}
