import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** One client connection of a drained server. Times in ms on the monotonic clock. */
export interface Connection {
  readonly socket: Socket
  /** Responses that are not flushed to the kernel yet, pipelined ones included. */
  inFlight: number
  /** The newest response, as long as any is in flight. */
  latest: ServerResponse | undefined
  /** When its newest request came. */
  requestedAt: number
  /** When its last response was flushed and the body of its request had come; the accept, before the first. */
  restingSince: number
  /** The longest time from the end of a response to the request after it, as far as it is remembered; 0 before the second request. */
  gapMs: number
  /** What had been read when it came to rest: more means that a request is on its way. */
  bytesAtRest: number
  /** Its newest request, if that was answered while its body was still on its way. */
  early: IncomingMessage | undefined
  /** Handed to somebody else, such as a WebSocket server. */
  upgraded: boolean
  /** It was said, or done: this connection closes. */
  told: boolean
  closed: boolean
}

/**
 * What is left of a gap with each request after it. Half of a gap is forgotten after six requests: a client that thinks for
 * 1 to 4 s may have thought for 1 s before it thinks for 4, and is known all the same.
 */
const fading = 0.9

const key: unique symbol = Symbol('lastcall.connection')

type Tracked = Socket & { [key]?: Connection }

export function createConnection(socket: Socket, now: number): Connection {
  const connection: Connection = {
    socket,
    inFlight: 0,
    latest: undefined,
    requestedAt: 0,
    restingSince: now,
    gapMs: 0,
    // a TLS handshake has been read by now
    bytesAtRest: socket.bytesRead,
    early: undefined,
    upgraded: false,
    told: false,
    closed: false,
  }
  // found again without a look-up in a map
  ;(socket as Tracked)[key] = connection
  return connection
}

/** A request that was made up, such as that of `injectWS` of `@fastify/websocket`, has no socket. */
export const connectionOf = (socket: Tracked | undefined): Connection | undefined => socket?.[key]

export function beginRequest(connection: Connection, res: ServerResponse, now: number): void {
  if (connection.inFlight === 0 && connection.requestedAt > 0)
    connection.gapMs = Math.max(now - connection.restingSince, fading * connection.gapMs)
  connection.inFlight += 1
  connection.latest = res
  connection.early = undefined
  connection.requestedAt = now
}
