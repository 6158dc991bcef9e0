import type { Phase, Shutdown, ShutdownOptions } from '@lastcall/core'
import {
  countRequest,
  drainServer,
  internalsOf,
  refuse,
  shutdownFor,
  type DrainableServer,
  type ProbePaths,
} from '@lastcall/core/http'
import type { RequestHandler } from 'express'
import { findServers, lookAgain } from './find-server.js'
import { createProbes, noProbes } from './probes.js'

/** The options of `createShutdown`, and two of its own. */
export interface LastcallOptions extends ShutdownOptions {
  /** An instance to be part of, instead of one that is made from the other options. */
  readonly shutdown?: Shutdown
  /** Where the probes answer, `/livez` and `/readyz` by default; `false` turns them off. */
  readonly probes?: ProbePaths | false
}

/** The middleware, and what belongs to it. */
export interface LastcallMiddleware extends RequestHandler {
  /** The graceful shutdown of this app: register resources, take holds, ask for its phase. */
  readonly shutdown: Shutdown
  /**
   * Drains a server that cannot be found, before its first request. Returns what undoes it.
   * Throws `ERR_LASTCALL_NOT_A_SERVER`.
   */
  attach(server: DrainableServer): () => void
}

/**
 * Graceful shutdown for an Express app: signals, probes, and draining its servers, which it finds by itself.
 * Throws `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`.
 * @example app.use(lastcall())
 */
export function lastcall(options: LastcallOptions = {}): LastcallMiddleware {
  const { probes: paths = {}, ...rest } = options
  const shutdown = shutdownFor(rest)
  const { log } = internalsOf(shutdown)
  const attached = new Map<DrainableServer, () => void>()
  const strangers = new WeakSet<DrainableServer>()

  const attach = (server: DrainableServer): (() => void) => {
    const known = attached.get(server)
    if (known) return known
    const undo = drainServer(server, shutdown, { probes: probes.outside })
    const detach = (): void => {
      attached.delete(server)
      server.off('close', onClose)
      undo()
    }
    // tests open a server for each request; in a shutdown the report still asks for its numbers
    const onClose = (): void => (inService.includes(shutdown.phase) ? detach() : undefined)
    attached.set(server, detach)
    server.on('close', onClose)
    return detach
  }
  const probes = paths === false ? noProbes : createProbes(shutdown, paths, attach)

  /** Attaches to what was found, which may be a server of another kind. */
  const meet = (server: DrainableServer): boolean => {
    if (attached.has(server)) return true
    if (strangers.has(server)) return false
    try {
      attach(server)
      return true
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_LASTCALL_NOT_A_SERVER') throw error
      strangers.add(server)
      log.warn(
        { err: error },
        'this server cannot be drained: its requests are refused while draining, no more',
      )
      return false
    }
  }

  const middleware: RequestHandler = (req, res, next) => {
    // a request that an adapter of a serverless platform has made up comes from no server
    const server = (req.socket as { server?: DrainableServer } | null)?.server
    const known = server !== undefined && attached.has(server)
    if (server && meet(server)) countRequest(server, res)
    if (probes.answer(req, res)) return
    // what a drained server lets through had come in time
    if (known || !refusing.includes(shutdown.phase) || res.headersSent) return next()
    if (req.httpVersionMajor === 1) res.setHeader('Connection', 'close')
    refuse(res, Math.random)
  }

  let told = false
  findServers(attach, (server, { after }) => {
    meet(server)
    if (after.length > 0 && !told)
      log.info({ after }, 'mounted after other middleware: that sees the probes first, and may answer them')
    told = true
  })
  shutdown.subscribe((phase) => {
    if (phase !== 'lame-duck' || attached.size > 0) return
    const found = lookAgain(attach)
    for (const server of found) meet(server)
    if (found.length === 0) log.info({}, 'no server was found that has the middleware')
  })
  return Object.assign(middleware, { shutdown, attach })
}

export default lastcall

const inService: readonly Phase[] = ['starting', 'running']
const refusing: readonly Phase[] = ['draining', 'releasing', 'stopped']
