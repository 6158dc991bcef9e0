import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createShutdown, type Report, type Shutdown, type ShutdownOptions } from '@lastcall/core'
import { drainServer, type DrainServerOptions } from '@lastcall/core/http'
import type { Test } from 'tap'
import { internalsOf } from '#src/internals.js'
import { connectRaw, type ConnectOptions, type RawClient } from './raw-client.js'

export interface Served {
  readonly server: Server
  readonly shutdown: Shutdown
  readonly port: number
  /** Undoes `drainServer`. */
  readonly undo: () => void
  /** What was logged, in order. */
  readonly log: readonly LogEntry[]
  connect(options?: ConnectOptions): Promise<RawClient>
  /** The app is closed by its own code: draining at once. */
  close(): Promise<Report>
  /** Settles when the phase begins. */
  phase(name: Shutdown['phase']): Promise<void>
  listenerClosed(): Promise<void>
}

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly detail: object
}

export interface ServeOptions {
  readonly options?: ShutdownOptions
  readonly drain?: DrainServerOptions
  readonly server?: Server
  /** The path of a unix socket, instead of a port. */
  readonly listen?: string
}

/** A drained server in this very process, on a port of its own, that no signal reaches. */
export async function serve(t: Test, listener: RequestListener, given: ServeOptions = {}): Promise<Served> {
  const { server = createServer(), drain, options, listen } = given
  const log: LogEntry[] = []
  const entry =
    (level: LogEntry['level']) =>
    (detail: object, message = '') =>
      void log.push({ level, message, detail })
  const shutdown = createShutdown({
    gracePeriodMs: 10_000,
    signals: false,
    crashes: false,
    exit: false,
    logger: { info: entry('info'), warn: entry('warn'), error: entry('error') },
    ...options,
  })
  server.on('request', listener)
  const undo = drainServer(server, shutdown, drain)
  await new Promise<void>((resolve) => {
    if (server.listening) resolve()
    else if (listen === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen(listen, resolve)
  })
  const port = listen === undefined ? (server.address() as AddressInfo).port : 0
  const clients: RawClient[] = []
  const close = (): Promise<Report> => internalsOf(shutdown).close('closed by the test')
  t.teardown(async () => {
    for (const { socket } of clients) socket.destroy()
    server.closeAllConnections()
    await close()
  })
  return {
    server,
    shutdown,
    port,
    undo,
    log,
    async connect(how) {
      const client = await connectRaw(port, how)
      clients.push(client)
      return client
    },
    close,
    phase: (name) =>
      new Promise((resolve) => {
        if (shutdown.phase === name) resolve()
        shutdown.subscribe((phase) => void (phase === name && resolve()))
      }),
    listenerClosed: () => listenerClosed(server),
  }
}

/** Settles when the accept queue is empty and the listener closed: last call has begun, if there is one. */
export const listenerClosed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => void (server.listening ? setImmediate(look) : setImmediate(resolve))
    look()
  })

/** Requests that a handler has in hand: the test says when each is answered. */
export function inHand(): {
  readonly handler: RequestListener
  /** The next request that the handler gets, past or to come. */
  next(): Promise<{
    readonly req: Parameters<RequestListener>[0]
    readonly res: Parameters<RequestListener>[1]
  }>
  readonly count: number
} {
  type Exchange = { req: Parameters<RequestListener>[0]; res: Parameters<RequestListener>[1] }
  const arrived: Exchange[] = []
  const waiting: ((exchange: Exchange) => void)[] = []
  let count = 0
  return {
    handler(req, res) {
      count += 1
      const wanted = waiting.shift()
      if (wanted) wanted({ req, res })
      else arrived.push({ req, res })
    },
    next: () =>
      new Promise((resolve) => {
        const exchange = arrived.shift()
        if (exchange) resolve(exchange)
        else waiting.push(resolve)
      }),
    get count() {
      return count
    },
  }
}
