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
}

const key: unique symbol = Symbol('lastcall.exchange')

/** From here on it is known of its stream. */
export function beginExchange(exchange: Exchange): void {
  ;(exchange.stream as Tracked)[key] = exchange
}

/** A stream that was made up may be missing, or nobody's. */
export const exchangeOf = (stream: Tracked | undefined): Exchange | undefined => stream?.[key]

type Tracked = ServerHttp2Stream & { [key]?: Exchange }
