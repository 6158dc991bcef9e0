import { isBefore } from '../phases.js'
import type { Shutdown } from '../shutdown.js'
import type { DrainableServer } from './servers.js'
import { shadow } from './shadow.js'
import { stopListening } from './stop-listening.js'

/**
 * Shadows `server.close()`, so that anybody's is safe while a shutdown is under way. Node's would reset what waits in the
 * accept queue, end the lame duck for those who still connect, and from Node 24 on send every HTTP/2 session its last
 * GOAWAY at once, which refuses whatever is on its way. The shutdown stops listening itself: the callback waits for that.
 * Returns what undoes it.
 */
export function guardServerClose(server: DrainableServer, shutdown: Shutdown): () => void {
  // the servers have no call signature in common
  const close = server.close.bind(server) as (callback?: (error?: Error) => void) => DrainableServer
  const guarded = (callback?: (error?: Error) => void): DrainableServer => {
    if (isBefore(shutdown.phase, 'lame-duck') || shutdown.phase === 'stopped') close(callback)
    // says that it does not run
    else if (!server.listening) stopListening(server, callback)
    else if (callback) server.once('close', callback)
    return server
  }
  return shadow(server, 'close', guarded)
}
