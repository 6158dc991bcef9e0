import type { Server, ServerResponse } from 'node:http'
import { isBefore } from '../phases.js'
import type { Serving } from '../serving.js'
import { trackTraffic } from './connections.js'
import { cutInFlight } from './cut.js'
import { drain } from './draining.js'
import { guardIdleConnections } from './idle-connections.js'
import { lameDuck } from './lame-duck.js'
import { lastCall, type LastCall } from './last-call.js'
import { guardRequests, type RequestGuard } from './request-guard.js'
import type { Room, Surroundings } from './room.js'
import { endUpgraded } from './upgraded.js'

/** The HTTP/1.1 of a server, phase by phase: a connection is told to go on a response of its own. */
export function serveHttp1(server: Server, surroundings: Surroundings): Room {
  const { shutdown, clock, random, listener, probes, probe } = surroundings
  const traffic = trackTraffic(server, clock, listener.handshakes)
  const restore = guardIdleConnections(server, traffic, shutdown)
  let guard: RequestGuard | undefined
  let telling: LastCall | undefined
  let beganAt: number | undefined
  let draining: Promise<void> | undefined
  let refused = 0
  let cut: ReturnType<typeof cutInFlight> | undefined

  const hold = (): (() => void) =>
    isBefore(shutdown.phase, 'releasing') ? shutdown.hold('request').release : () => {}

  const serving: Serving = {
    get active() {
      return server.listening || traffic.connections.size > 0
    },
    lameDuck(budget) {
      beganAt = clock.now()
      guard ??= guardRequests(server, traffic)
      return lameDuck({ traffic, clock, random, budget, probes })
    },
    async lastCall(budget, skipped) {
      const startedAt = clock.now()
      beganAt ??= startedAt
      await listener.close(skipped ? undefined : budget.maxMs)
      if (skipped || draining) return
      // what that took is no longer there for those who are told
      const maxMs = Math.max(0, startedAt + budget.maxMs - clock.now())
      guard ??= guardRequests(server, traffic)
      telling = lastCall({ traffic, clock, random, beganAt, budget: { ...budget, maxMs } })
      await telling.over
    },
    drain() {
      telling?.end()
      const listenerClosed = listener.close()
      const onRefused = (): void => void (refused += 1)
      guard ??= guardRequests(server, traffic)
      return (draining ??= drain({ guard, traffic, clock, random, probe, listenerClosed, onRefused, hold }))
    },
    cut() {
      cut = cutInFlight(traffic, clock, random)
    },
    endUpgraded: (releaseMs) => endUpgraded(traffic, { clock, silentMs: Math.min(1_000, releaseMs / 4) }),
    close() {
      traffic.handshakes.destroy()
      if (!cut) traffic.destroyAll(() => true)
    },
    snapshot: () => ({
      requests: traffic.requests,
      inFlight: traffic.inFlight + traffic.abandoned.size,
      connections: traffic.connections.size,
      refused,
      cut: cut ?? [],
      closed: traffic.closed,
      gaveUpAccepting: listener.gaveUpAccepting,
    }),
  }
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
