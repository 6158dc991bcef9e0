import type { Server } from 'node:http'
import { isIdle, type Traffic } from './connections.js'

/**
 * Node's `server.close()` begins with `closeIdleConnections()`, which also destroys connections whose response was ended
 * but is still on its way to a slow reader. Shadowed with one that knows better, anybody's `close()` is safe.
 * Returns what undoes it.
 */
export function guardIdleConnections(server: Server, traffic: Traffic): () => void {
  const closeIdleConnections = (): void => traffic.destroyAll(isIdle)
  server.closeIdleConnections = closeIdleConnections
  return () => {
    if (server.closeIdleConnections === closeIdleConnections)
      Reflect.deleteProperty(server, 'closeIdleConnections')
  }
}
