import type {
  Http2ServerRequest,
  Http2ServerResponse,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import type { Clock } from '../../clock.js'
import type { ClosedConnections } from '../../serving.js'
import { createAbandoned, type Abandoned } from '../abandoned.js'
import { listenBeside } from '../listen-beside.js'
import type { SessionServer } from '../servers.js'
import { whenAnswers } from './abandoned-streams.js'
import { beginExchange, exchangeOf, type Exchange } from './exchange.js'

/** One HTTP/2 connection of a drained server. */
export interface Session {
  readonly http2: ServerHttp2Session
  readonly socket: Socket
  readonly exchanges: ReadonlySet<Exchange>
  /** When the last of them ended, on the monotonic clock. */
  restingSince: number
  /** The first GOAWAY is out. */
  told: boolean
  /** Once told: sends the last GOAWAY in so many ms at the latest, whatever it is waiting for. */
  hurry: (ms: number) => void
}

/** What the phase in progress wants to know. */
export interface SessionObserver {
  opened?(session: Session): void
  request?(exchange: Exchange): void
  /** The stream is closed, whoever has done it. */
  finished?(): void
  /** Its last GOAWAY is out. */
  closing?(session: Session): void
  /** Its socket is closed. */
  gone?(session: Session): void
}

/** Everything that goes through the sessions of one server. */
export interface SessionTraffic {
  readonly sessions: ReadonlySet<Session>
  readonly abandoned: Abandoned<Exchange>
  readonly requests: number
  /** Streams. */
  readonly inFlight: number
  readonly lastRequestAt: number
  readonly closed: { -readonly [how in keyof ClosedConnections]: number }
  observer: SessionObserver | undefined
  /** Counts a stream that the server's own listeners do not get to see, unless it was counted. */
  count(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void
  destroyAll(): void
  untrack(): void
}

const sessionKey: unique symbol = Symbol('lastcall.session')

/** Counts sessions and their streams from outside the handlers, whichever of Node's two APIs those use. */
export function trackSessions(server: SessionServer, clock: Clock): SessionTraffic {
  const sessions = new Set<Session>()
  const abandoned = createAbandoned<Exchange>(clock, whenAnswers)

  const open = (http2: ServerHttp2Session): Session => {
    const exchanges = new Set<Exchange>()
    // `http2.socket` is a proxy that is gone with the session; a method that is called on it returns the real one
    const socket = http2.socket.once('close', () => {
      sessions.delete(session)
      if (traffic.observer && !session.told) traffic.closed.left += 1
      traffic.observer?.gone?.(session)
    })
    const session: Session = { http2, socket, exchanges, restingSince: -Infinity, told: false, hurry() {} }
    ;(http2 as Tracked)[sessionKey] = session
    sessions.add(session)
    traffic.observer?.opened?.(session)
    return session
  }

  const onStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    const exchange = count(stream, headers)
    if (exchange) traffic.observer?.request?.(exchange)
  }

  const count = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Exchange | undefined => {
    if (exchangeOf(stream)) return undefined
    const http2 = stream.session as Tracked | undefined
    const startedAt = clock.now()
    traffic.requests += 1
    traffic.lastRequestAt = startedAt
    // its connection is gone already, or it was made up
    if (!http2 || http2.destroyed || stream.destroyed) return undefined
    // a server that was drained late has sessions we have not seen open
    const session = http2[sessionKey] ?? open(http2)
    const exchange: Exchange = { session, stream, headers, startedAt, response: undefined, settled: false }
    beginExchange(exchange)
    ;(session.exchanges as Set<Exchange>).add(exchange)
    traffic.inFlight += 1
    stream.on('close', onStreamClose)
    return exchange
  }

  function onStreamClose(this: ServerHttp2Stream): void {
    const exchange = exchangeOf(this)
    if (!exchange) return
    ;(exchange.session.exchanges as Set<Exchange>).delete(exchange)
    exchange.session.restingSince = clock.now()
    traffic.inFlight -= 1
    if (!this.headersSent && !exchange.settled) abandoned.add(exchange, exchange.startedAt)
    traffic.observer?.finished?.()
  }

  const onRequest = (_req: Http2ServerRequest, res: Http2ServerResponse): void => {
    // one of HTTP/1.1 has none
    const exchange = exchangeOf(res.stream)
    if (exchange) exchange.response = res
  }

  const traffic = {
    sessions,
    abandoned,
    requests: 0,
    inFlight: 0,
    lastRequestAt: 0,
    closed: { told: 0, idle: 0, ended: 0, left: 0 },
    observer: undefined as SessionObserver | undefined,
    count(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
      const exchange = count(stream, headers)
      if (exchange) exchange.settled = true
    },
    destroyAll() {
      for (const session of [...sessions]) {
        if (!session.told) traffic.closed.ended += 1
        session.told = true
        session.http2.destroy()
        // Node waits until the peer has read what was left, which it may never do
        clock.turn(() => session.socket.destroy())
      }
    },
    untrack() {
      server.off('session', open)
      server.off('stream', onStream)
      stopListening()
    },
  }
  server.on('session', open)
  // first, for handlers that answer before they return
  server.prependListener('stream', onStream)
  // a listener of 'request' is what brings the compatibility API to life
  const stopListening = listenBeside(server, new Map(requestEvents.map((event) => [event, onRequest])))
  return traffic
}

const requestEvents = ['request', 'checkContinue', 'checkExpectation']

type Tracked = ServerHttp2Session & { [sessionKey]?: Session }
