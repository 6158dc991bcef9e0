import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../clock.js'
import type { ClosedConnections } from '../serving.js'
import { createAbandoned, whenResponds, type Abandoned } from './abandoned.js'
import { beginRequest, connectionOf, createConnection, type Connection } from './connection.js'
import { createHandshakes, type Handshakes } from './handshakes.js'
import { listenBeside } from './listen-beside.js'
import { speaksHttp2 } from './servers.js'

/** What the phase in progress wants to know. */
export interface TrafficObserver {
  opened(connection: Connection): void
  request(connection: Connection, req: IncomingMessage, res: ServerResponse): void
  /** Its last response was flushed; again when the body of a request that was answered early has come. */
  resting(connection: Connection): void
  closed(connection: Connection): void
}

/** Everything that goes through one server. */
export interface Traffic {
  readonly connections: ReadonlySet<Connection>
  readonly handshakes: Handshakes
  readonly abandoned: Abandoned<ServerResponse>
  readonly requests: number
  readonly inFlight: number
  readonly lastRequestAt: number
  /** How connections ended since somebody observes. */
  readonly closed: { -readonly [how in keyof ClosedConnections]: number }
  observer: TrafficObserver | undefined
  /** Counts a request that the server's own listeners do not get to see. */
  count(req: IncomingMessage, res: ServerResponse): Connection
  find(socket: Socket): Connection | undefined
  /** Its last response was said, or it is closed: whatever still comes is nobody's. */
  isOver(socket: Socket): boolean
  /** Keeps a connection in flight until the callback that it returns is called. */
  keep(connection: Connection): () => void
  /** Half closes a connection that owes nobody an answer: what the client still sends is read. */
  end(connection: Connection, how: 'idle' | 'ended'): void
  /** Closes sockets at once. */
  destroyAll(which: (connection: Connection) => boolean): void
  untrack(): void
}

/**
 * Counts what is in flight from outside the handlers: a request begins with its event and ends with the 'close' of its
 * response, which comes when the last byte is with the kernel. Per request it costs two looks at the clock, a few
 * numbers, and one listener that is the same function for all: no timer, no closure.
 */
export function trackTraffic(
  server: Server,
  clock: Clock,
  handshakes: Handshakes = createHandshakes(clock),
): Traffic {
  const connections = new Set<Connection>()
  const abandoned = createAbandoned(clock, whenResponds)
  const opens = 'setSecureContext' in server ? 'secureConnection' : 'connection'
  const isShared = speaksHttp2(server)

  const open = (socket: Socket): Connection => {
    const connection = createConnection(socket, clock.now())
    connections.add(connection)
    socket.on('close', onSocketClose)
    traffic.observer?.opened(connection)
    return connection
  }

  /** One for all connections: a closure for each would be a third of what they take. */
  function onSocketClose(this: Socket): void {
    const connection = connectionOf(this)
    if (!connection || !connections.delete(connection)) return
    const { latest, inFlight, requestedAt, told } = connection
    // aborted pipelined responses never emit 'close' on Node 20 and 22
    traffic.inFlight -= inFlight
    if (latest && !latest.headersSent && !latest.destroyed) abandoned.add(latest, requestedAt)
    Object.assign(connection, { closed: true, inFlight: 0, latest: undefined })
    if (traffic.observer && !told) traffic.closed.left += 1
    traffic.observer?.closed(connection)
  }

  const onOpen = (socket: Socket): void => {
    if (!isShared || (socket as TLSSocket).alpnProtocol !== 'h2') open(socket)
  }

  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    if (req.httpVersionMajor > 1) return
    // handed on as a 'request' by a listener of 'checkContinue', or by one that has taken the place of all others
    if (connectionOf(req.socket)?.latest === res) return
    const connection = count(req, res)
    traffic.observer?.request(connection, req, res)
  }

  const count = (req: IncomingMessage, res: ServerResponse): Connection => {
    const now = clock.now()
    // a server that was drained late has connections we have not seen open
    const connection = connectionOf(req.socket) ?? open(req.socket)
    beginRequest(connection, res, now)
    traffic.inFlight += 1
    traffic.requests += 1
    traffic.lastRequestAt = now
    res.on('close', onResponseClose)
    return connection
  }

  function onResponseClose(this: ServerResponse): void {
    const connection = connectionOf(this.req.socket)
    if (connection && !connection.closed) finished(connection)
  }

  const finished = (connection: Connection): void => {
    connection.inFlight -= 1
    traffic.inFlight -= 1
    if (connection.inFlight > 0) return
    const { latest } = connection
    connection.latest = undefined
    if (latest && !latest.req.complete) {
      connection.early = latest.req
      latest.req.on('end', onBodyEnd)
    }
    rest(connection)
  }

  const rest = (connection: Connection): void => {
    connection.restingSince = clock.now()
    connection.bytesAtRest = connection.socket.bytesRead
    traffic.observer?.resting(connection)
  }

  function onBodyEnd(this: IncomingMessage): void {
    const connection = connectionOf(this.socket)
    if (connection?.early === this) rest(connection)
  }

  const onUpgrade = (req: IncomingMessage): void => {
    const connection = connectionOf(req.socket)
    if (connection) connection.upgraded = true
  }
  const beside = new Map<string, typeof onRequest | typeof onUpgrade>([
    ['upgrade', onUpgrade],
    ['connect', onUpgrade],
    ['checkContinue', onRequest],
    ['checkExpectation', onRequest],
  ])
  // on a server that speaks HTTP/2 a listener of 'request' is what brings the compatibility API to life
  if (isShared) beside.set('request', onRequest)

  const traffic = {
    connections,
    handshakes,
    abandoned,
    requests: 0,
    inFlight: 0,
    lastRequestAt: 0,
    closed: { told: 0, idle: 0, ended: 0, left: 0 },
    observer: undefined as TrafficObserver | undefined,
    count,
    find: connectionOf,
    isOver: (socket: Socket) => connectionOf(socket)?.told ?? false,
    keep(connection: Connection) {
      connection.inFlight += 1
      traffic.inFlight += 1
      let kept = true
      return () => {
        if (kept && !connection.closed) finished(connection)
        kept = false
      }
    },
    end(connection: Connection, how: 'idle' | 'ended') {
      connection.told = true
      traffic.closed[how] += 1
      connection.socket.end()
    },
    destroyAll(which: (connection: Connection) => boolean) {
      for (const connection of [...connections].filter(which)) {
        if (!connection.told) traffic.closed.ended += 1
        connection.told = true
        connection.socket.destroy()
      }
    },
    untrack() {
      server.off('removeListener', stayFirst)
      server.off(opens, onOpen)
      server.off('request', onRequest)
      stopListening()
    },
  }

  /** Engine.IO puts a listener of its own in the place of all others, which then see only what it hands on. */
  const stayFirst = (event: string, listener: unknown): void => {
    if (event === 'request' && listener === onRequest) server.prependListener('request', onRequest)
  }

  server.on(opens, onOpen)
  // first, for handlers that answer before they return
  if (!isShared) server.prependListener('request', onRequest)
  if (!isShared) server.on('removeListener', stayFirst)
  const stopListening = listenBeside(server, beside)
  return traffic
}
