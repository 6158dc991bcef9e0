import { notAServer } from '../errors.js'
import { internalsOf } from '../internals.js'
import type { Shutdown } from '../shutdown.js'
import { isDrained, markDrained, warnOfSecond } from './drained.js'
import { serveHttp2 } from './http2/serve-http2.js'
import { trackListener } from './listener.js'
import { handleProbes, type ProbePaths } from './probes.js'
import type { Room, Surroundings } from './room.js'
import { serveHttp1 } from './serve-http1.js'
import { guardServerClose } from './server-close.js'
import { speaksHttp1, speaksHttp2, type DrainableServer } from './servers.js'

export interface DrainServerOptions {
  /** Where probes are answered, so that they are not taken for traffic; `false`: nowhere. */
  readonly probes?: ProbePaths | false
  /** A number from 0 to 1, like `Math.random`: spreads closes and `Retry-After`. */
  readonly random?: () => number
}

/**
 * Makes a server of `node:http`, `node:https` or `node:http2` part of a shutdown: whatever it has accepted is answered.
 * The app is ready when it listens, unless `manualReady`. One that is drained already stays with the first; the second
 * becomes ready with it, and says so. Returns what undoes it.
 * Throws `ERR_LASTCALL_NOT_A_SERVER` or `ERR_LASTCALL_NOT_A_SHUTDOWN`.
 * @example drainServer(createServer(handler).listen(3000), shutdown)
 */
export function drainServer(
  server: DrainableServer,
  shutdown: Shutdown,
  options: DrainServerOptions = {},
): () => void {
  if (!speaksHttp1(server) && !speaksHttp2(server)) throw notAServer(server)
  const { clock, log, serve, listening } = internalsOf(shutdown)
  const becomeReady = (): (() => void) => {
    server.on('listening', listening)
    if (server.listening) listening()
    return () => void server.off('listening', listening)
  }
  if (isDrained(server)) {
    warnOfSecond(server, log)
    return becomeReady()
  }
  const { probes = {}, random = Math.random } = options
  const probe = probes === false ? () => false : handleProbes(shutdown, probes)
  const listener = trackListener(server, { clock, log, shutdown })
  const restoreClose = guardServerClose(server, shutdown)
  const surroundings: Surroundings = { shutdown, clock, random, listener, probes, probe }

  const rooms: Room[] = []
  if (speaksHttp1(server)) rooms.push(serveHttp1(server, surroundings))
  if (speaksHttp2(server)) rooms.push(serveHttp2(server, surroundings))
  const stopServing = rooms.map(({ serving }) => serve(serving))
  const unmark = markDrained(server, rooms)
  const stopBecomingReady = becomeReady()
  return () => {
    for (const stop of stopServing) stop()
    // both may stand before the server's listeners: what came last goes first
    for (const room of rooms.toReversed()) room.undo()
    restoreClose()
    listener.untrack()
    unmark()
    stopBecomingReady()
  }
}
