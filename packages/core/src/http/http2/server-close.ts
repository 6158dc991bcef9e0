import { isBefore } from '../../phases.js'
import type { Shutdown } from '../../shutdown.js'
import type { SessionServer } from '../servers.js'
import { stopListening } from '../stop-listening.js'

/**
 * From Node 24 on `server.close()` sends every session its last GOAWAY at once, which refuses whatever is on its way.
 * Shadowed with one that only stops listening while a shutdown, which tells sessions in its own way, is under way,
 * anybody's `close()` is safe. Returns what undoes it.
 */
export function guardServerClose(server: SessionServer, shutdown: Shutdown): () => void {
  const own = Object.getOwnPropertyDescriptor(server, 'close')
  const { close } = server
  const guarded = (callback?: (error?: Error) => void): SessionServer => {
    if (isBefore(shutdown.phase, 'lame-duck')) close.call(server, callback)
    else stopListening(server, callback)
    return server
  }
  Object.assign(server, { close: guarded })
  return () => {
    if ((server.close as unknown) !== guarded) return
    if (own) Object.defineProperty(server, 'close', own)
    else Reflect.deleteProperty(server, 'close')
  }
}
