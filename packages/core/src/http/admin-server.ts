import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../clock.js'
import { cannotListen, tooLate } from '../errors.js'
import { internalsOf } from '../internals.js'
import type { Shutdown } from '../shutdown.js'
import { checkAdminOptions } from './admin-options.js'
import { answerAdmin } from './admin-routes.js'
import { drainAccess, isLoopback } from './drain-access.js'

export interface AdminServerOptions {
  /** 0: any that is free. */
  readonly port: number
  /** The address it listens on. Whoever reaches it may ask for the probes. @default '127.0.0.1' */
  readonly host?: string
  /**
   * What `/drain` asks of everyone who is not on this machine: 16 to 1 024 characters. Without one only local clients may
   * drain.
   */
  readonly token?: string | undefined
}

/** A server for whoever runs the app. */
export interface AdminServer {
  readonly port: number
  /** Closes it before the shutdown does. */
  close(): Promise<void>
}

/** Everything an unknown client could make grow. Times in ms; those of Node are checked once a second. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
}
const maxConnections = 64

/** How long an answer may take to leave once the server is closed, in ms. */
const flushMs = 250

/**
 * Listens beside the app, from before its start until everything is released: `/livez` and `/readyz` for probes, `/drain` for
 * a preStop hook. It is no traffic of the app's, and does not keep the process alive.
 * Rejects with `ERR_LASTCALL_LISTEN`, `ERR_LASTCALL_OPTION`, `ERR_LASTCALL_TOO_LATE` or `ERR_LASTCALL_NOT_A_SHUTDOWN`.
 * @example await createAdminServer(shutdown, { port: 9090 })
 */
export async function createAdminServer(
  shutdown: Shutdown,
  options: AdminServerOptions,
): Promise<AdminServer> {
  const { clock, log, whenOver } = internalsOf(shutdown)
  const { port, host, token } = checkAdminOptions(options)
  if (shutdown.phase === 'stopped') throw tooLate('An admin server', shutdown.phase)

  const server = createServer(limits)
  server.maxConnections = maxConnections
  server.maxRequestsPerSocket = 1
  server.on('request', answerAdmin(shutdown, drainAccess(token)))
  // without a listener Node asks for the body
  server.on('checkContinue', (req, res) => server.emit('request', req, res))
  const close = closeOnce(server, clock)
  await listen(server, port, host)
  server.unref()
  server.on('error', (error) => log.error({ err: error }, 'the admin server failed'))
  if (token === undefined && !isLoopback(host))
    log.warn({ host }, 'no token is set: the probes answer everyone, /drain only clients on this machine')
  // never rejects
  void whenOver().then(close)
  return { port: (server.address() as AddressInfo).port, close }
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(cannotListen(`${host}:${port}`, error))
    server.once('error', onError)
    // of a cluster, each worker has a state of its own: one that shared the port would answer for another
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', onError)
      resolve()
    })
  })

/** Answers on their way get there, connections without a request do not matter. */
function closeOnce(server: Server, clock: Clock): () => Promise<void> {
  let answering = 0
  let closed: Promise<void> | undefined
  let look = (): void => {}
  server.prependListener('request', (_req, res) => {
    answering += 1
    res.once('close', () => {
      answering -= 1
      look()
    })
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      const end = (): void => {
        cancel()
        server.closeAllConnections()
      }
      const cancel = clock.after(flushMs, end)
      look = () => void (answering === 0 && end())
      look()
    })
  return () => (closed ??= close())
}
