import type { Budget } from '../budget.js'
import type { ClosedConnections, CutRequest, Serving } from '../serving.js'
import type { LastCall } from './last-call.js'
import type { Surroundings } from './room.js'
import type { DrainableServer } from './servers.js'

/** What one protocol makes of the phases. */
export interface Protocol {
  readonly connections: ReadonlySet<unknown>
  readonly traffic: { readonly requests: number; readonly closed: ClosedConnections }
  inFlight(): number
  lameDuck(budget: Budget['lameDuck']): Promise<void>
  /** The listener is closed; `beganAt` is when that began. */
  lastCall(budget: Budget['lastCall'], beganAt: number): LastCall
  /** `onRefused` is called for each request that is answered 503. */
  drain(onRefused: () => void): Promise<void>
  cut(): readonly CutRequest[]
  endUpgraded?(releaseMs: number): Promise<void>
  destroyAll(): void
}

/** What the phases have in common, whatever the protocol: the listener, and what is done once. */
export function servePhases(
  server: DrainableServer,
  { clock, listener }: Surroundings,
  protocol: Protocol,
): Serving {
  const { connections, traffic } = protocol
  let telling: LastCall | undefined
  let draining: Promise<void> | undefined
  let refused = 0
  let cut: readonly CutRequest[] | undefined
  return {
    // lame duck is its own affair, and so are upgraded sockets
    ...protocol,
    get active() {
      return server.listening || connections.size > 0
    },
    async lastCall(budget, skipped) {
      const startedAt = clock.now()
      await listener.close(skipped ? undefined : budget.maxMs)
      if (skipped || draining) return
      // what that took is no longer there for those who are told
      const maxMs = Math.max(0, startedAt + budget.maxMs - clock.now())
      telling = protocol.lastCall({ ...budget, maxMs }, startedAt)
      await telling.over
    },
    drain() {
      telling?.end()
      return (draining ??= protocol.drain(() => (refused += 1)))
    },
    cut() {
      cut = protocol.cut()
    },
    close() {
      listener.handshakes.destroy()
      if (!cut) protocol.destroyAll()
    },
    snapshot: () => ({
      requests: traffic.requests,
      inFlight: protocol.inFlight(),
      connections: connections.size,
      refused,
      cut: cut ?? [],
      closed: traffic.closed,
      gaveUpAccepting: listener.gaveUpAccepting,
    }),
  }
}
