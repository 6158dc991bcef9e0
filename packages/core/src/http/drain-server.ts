import type { Server } from 'node:http'
import { notAServer } from '../errors.js'
import { internalsOf } from '../internals.js'
import type { Serving } from '../serving.js'
import type { Shutdown } from '../shutdown.js'
import { closeListener } from './accept-queue.js'
import { trackTraffic } from './connections.js'
import { cutInFlight } from './cut.js'
import { drain } from './draining.js'
import { guardIdleConnections } from './idle-connections.js'
import { lameDuck } from './lame-duck.js'
import { lastCall, type LastCall } from './last-call.js'
import { handleProbes, type ProbePaths } from './probes.js'
import { guardRequests, type RequestGuard } from './request-guard.js'
import { endUpgraded } from './upgraded.js'

export interface DrainServerOptions {
  /** Where probes are answered, so that they are not taken for traffic; `false`: nowhere. */
  readonly probes?: ProbePaths | false
  /** A number from 0 to 1, like `Math.random`: spreads closes and `Retry-After`. */
  readonly random?: () => number
}

/** The accept queue may take this long to empty: a busy machine needs more than half a second (measured). */
const acceptQueueMs = 2_000

/**
 * Makes a `node:http` or `node:https` server part of a shutdown: whatever it has accepted is answered.
 * The app is ready when it listens, unless `manualReady`. Returns what undoes it.
 * Throws `ERR_LASTCALL_NOT_A_SERVER` or `ERR_LASTCALL_NOT_A_SHUTDOWN`.
 * @example drainServer(createServer(handler).listen(3000), shutdown)
 */
export function drainServer(
  server: Server,
  shutdown: Shutdown,
  options: DrainServerOptions = {},
): () => void {
  if (typeof (server as Partial<Server> | undefined)?.closeIdleConnections !== 'function')
    throw notAServer(server)
  const { clock, log, serve, listening } = internalsOf(shutdown)
  const { probes = {}, random = Math.random } = options
  const traffic = trackTraffic(server, clock)
  const probe = probes === false ? () => false : handleProbes(shutdown, probes)
  let listener: Promise<boolean> | undefined
  let guard: RequestGuard | undefined
  let telling: LastCall | undefined
  let draining: Promise<void> | undefined
  let gaveUpAccepting = false
  let refused = 0
  let cut: ReturnType<typeof cutInFlight> | undefined

  const stopListening = (maxMs: number): Promise<boolean> =>
    (listener ??= closeListener(server, { clock, accepted: () => traffic.accepted, maxMs }).then(
      (emptied) => {
        gaveUpAccepting = !emptied
        if (!emptied)
          log.warn({ maxMs }, 'the accept queue did not run empty: connections in it may have been reset')
        return emptied
      },
    ))

  const serving: Serving = {
    get active() {
      return server.listening || traffic.connections.size > 0
    },
    lameDuck(budget) {
      guard ??= guardRequests(server, traffic)
      return lameDuck({ traffic, clock, random, budget, probes })
    },
    async lastCall(budget, skipped) {
      const startedAt = clock.now()
      await stopListening(skipped ? acceptQueueMs : Math.min(acceptQueueMs, budget.maxMs))
      if (skipped || draining) return
      // what that took is no longer there for those who are told
      const maxMs = Math.max(0, startedAt + budget.maxMs - clock.now())
      guard ??= guardRequests(server, traffic)
      telling = lastCall({ traffic, clock, random, budget: { ...budget, maxMs } })
      await telling.over
    },
    drain() {
      telling?.end()
      const listenerClosed = stopListening(acceptQueueMs)
      const onRefused = (): void => void (refused += 1)
      guard ??= guardRequests(server, traffic)
      return (draining ??= drain({ guard, traffic, clock, random, probe, listenerClosed, onRefused }))
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
      gaveUpAccepting,
    }),
  }
  const stopServing = serve(serving)
  const restore = guardIdleConnections(server, traffic, shutdown)
  server.on('listening', listening)
  if (server.listening) listening()
  return () => {
    stopServing()
    restore()
    guard?.undo()
    traffic.untrack()
    server.off('listening', listening)
  }
}
