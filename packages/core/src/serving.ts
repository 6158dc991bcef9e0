import type { Budget } from './budget.js'

/**
 * @internal What core asks of something that serves requests, such as a drained HTTP server.
 * Structural, since the server may come from another copy of the package.
 */
export interface Serving {
  /** Listening or connected: somebody outside can reach it. */
  readonly active: boolean
  /** Settles when it has been quiet long enough after `minMs`. */
  lameDuck(budget: Budget['lameDuck']): Promise<void>
  /** Closes the listener and tells every connection to go; settles when all have been told or are gone. */
  lastCall(budget: Budget['lastCall'], skipped: boolean): Promise<void>
  /** Refuses what is new; settles when nothing is in flight. */
  drain(): Promise<void>
  /** The drain deadline: answers what can still be answered, cuts the rest shortly after. */
  cut(): void
  /**
   * Nothing else is in flight: upgraded sockets that nobody has closed are ended, and cut when silent for a part of
   * `releaseMs`. Settles when they are gone. Another copy of the package may not have it.
   */
  endUpgraded?(releaseMs: number): Promise<void>
  /** Releasing: whatever is still connected goes. */
  close(releaseMs: number): void
  snapshot(): ServingSnapshot
}

/** Counters of one server since it started. */
export interface ServingSnapshot {
  /** Requests that came in, probes included. */
  readonly requests: number
  readonly inFlight: number
  readonly connections: number
  /** Requests answered 503 because of the shutdown. */
  readonly refused: number
  /** Requests that did not get their own answer. */
  readonly cut: readonly CutRequest[]
  readonly closed: ClosedConnections
  /** The accept queue never ran empty: connections still waiting in it may have been reset. */
  readonly gaveUpAccepting: boolean
}

/** How connections ended during the shutdown. */
export interface ClosedConnections {
  /** A response said `Connection: close`, or a session got a GOAWAY. */
  readonly told: number
  /** Idle for long enough. */
  readonly idle: number
  /** Still open when everything in flight had ended, or at the deadline. */
  readonly ended: number
  /** By the client. */
  readonly left: number
}

/** A request that got a 503 at the deadline instead of its own answer, or was cut in the middle of it. */
export interface CutRequest {
  readonly method: string
  /** Without its query, escaped, at most 200 characters. */
  readonly path: string
  readonly ageMs: number
  /** Whether it got at least a 503. */
  readonly answered: boolean
  /** How many older requests of its pipeline were cut with it; only the newest can be named. */
  readonly pipelined?: number
}

/** @internal */
export const noTraffic: ServingSnapshot = {
  requests: 0,
  inFlight: 0,
  connections: 0,
  refused: 0,
  cut: [],
  closed: { told: 0, idle: 0, ended: 0, left: 0 },
  gaveUpAccepting: false,
}

export function addUp(a: ServingSnapshot, b: ServingSnapshot): ServingSnapshot {
  return {
    requests: a.requests + b.requests,
    inFlight: a.inFlight + b.inFlight,
    connections: a.connections + b.connections,
    refused: a.refused + b.refused,
    cut: [...a.cut, ...b.cut],
    closed: {
      told: a.closed.told + b.closed.told,
      idle: a.closed.idle + b.closed.idle,
      ended: a.closed.ended + b.closed.ended,
      left: a.closed.left + b.closed.left,
    },
    gaveUpAccepting: a.gaveUpAccepting || b.gaveUpAccepting,
  }
}
