import type { Server } from 'node:http'
import { isBefore } from '../phases.js'
import type { Shutdown } from '../shutdown.js'
import type { Traffic } from './connections.js'
import { isIdle } from './is-idle.js'
import { shadow } from './shadow.js'

/**
 * Node's `server.close()` begins with `closeIdleConnections()`, which also destroys connections whose response was ended
 * but is still on its way to a slow reader. Shadowed with one that knows better, anybody's `close()` is safe; during a
 * shutdown, whose phases close connections in their own way, it does nothing. Returns what undoes it.
 */
export function guardIdleConnections(server: Server, traffic: Traffic, shutdown: Shutdown): () => void {
  return shadow(server, 'closeIdleConnections', () => {
    if (isBefore(shutdown.phase, 'lame-duck')) traffic.destroyAll(isIdle)
  })
}
