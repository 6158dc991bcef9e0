import type { Http2ServerResponse, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Session } from './sessions.js'

/** A request and its answer: a stream from its event to its 'close'. */
export interface Exchange {
  readonly session: Session
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  /** On the monotonic clock, in ms. */
  readonly startedAt: number
  /** Of the compatibility API, for a server with a listener of 'request'. */
  response: Http2ServerResponse | undefined
  /** No handler owes an answer: it has closed the stream itself, somebody has answered for it, or it never got it. */
  settled: boolean
}

const key: unique symbol = Symbol('lastcall.exchange')

/** From here on it is known of its stream, and whether its handler closes that itself. */
export function beginExchange(exchange: Exchange): void {
  const stream: Tracked = exchange.stream
  stream[key] = exchange
  // a client that leaves closes it too, but not by these
  stream.close = close
  stream.destroy = destroy
}

/** A stream that was made up may be missing, or nobody's. */
export const exchangeOf = (stream: Tracked | undefined): Exchange | undefined => stream?.[key]

/** The same functions for all streams: neither costs a closure for each. */
function close(this: Tracked, ...args: Parameters<ServerHttp2Stream['close']>): void {
  settle(this)
  base(this).close.apply(this, args)
}

function destroy(this: Tracked, error?: Error): Tracked {
  settle(this)
  base(this).destroy.call(this, error)
  return this
}

/** Node calls these as well: of a stream that its client has reset, and of all when their connection is gone. */
function settle(stream: Tracked): void {
  const exchange = exchangeOf(stream)
  if (!exchange || stream.closed) return
  const { http2, socket } = exchange.session
  if (!http2.destroyed && !socket.destroyed) exchange.settled = true
}

const base = (stream: ServerHttp2Stream): ServerHttp2Stream =>
  Object.getPrototypeOf(stream) as ServerHttp2Stream

type Tracked = ServerHttp2Stream & { [key]?: Exchange }
