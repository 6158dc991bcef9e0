import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Shutdown } from '../shutdown.js'
import { drainServer, type DrainServerOptions } from './drain-server.js'
import type { DrainableServer } from './servers.js'

/** Published when a server listens, with the server (Node docs, "Diagnostics Channel"; Node 20 and later). */
const listenChannel = 'tracing:net.server.listen:asyncEnd'

/**
 * @internal Drains the server of a framework, and every other one that listens with its handler: Fastify opens a second one for
 * `localhost`, a Nest app may be served over http and https at once. Returns what stops looking for them.
 */
export function drainListening(
  server: DrainableServer,
  shutdown: Shutdown,
  options: DrainServerOptions,
): () => void {
  const handlers: readonly unknown[] = server.listeners('request')
  drainServer(server, shutdown, options)
  const onListen = (message: unknown): void => {
    const other = (message as { server: DrainableServer }).server
    // one of the same app has its handler, whatever else listens to it
    const isOurs =
      other !== server && other.listeners('request').some((listener) => handlers.includes(listener))
    if (isOurs) drainServer(other, shutdown, options)
  }
  subscribe(listenChannel, onListen)
  return () => void unsubscribe(listenChannel, onListen)
}
