import type { Shutdown } from '@lastcall/core'
import {
  closeWebSockets,
  registerNumbered,
  type CloseWebSocketsOptions,
  type WebSocketClient,
} from '@lastcall/core/http'
import type { FastifyInstance } from 'fastify'

/** What `@fastify/websocket` decorates its context with, as far as it is needed. */
interface WebSocketServer {
  /** Not there with `clientTracking: false`. */
  readonly clients?: Iterable<WebSocketClient>
}

/**
 * Closes the clients of `@fastify/websocket` before its own hook does, which has no code for them and waits for those that
 * never answer. It is found in the contexts that `root` and `app` see, in whatever order the two were registered.
 */
export function closeAllWebSockets(
  app: FastifyInstance,
  root: FastifyInstance,
  shutdown: Shutdown,
  options: CloseWebSocketsOptions,
): void {
  const contexts = new Set<FastifyInstance>([app])
  const servers = new Set<WebSocketServer>()
  const clients = (): WebSocketClient[] => [...servers].flatMap((server) => [...(server.clients ?? [])])
  // here, for options that are refused
  const participant = closeWebSockets(clients, options)
  root.addHook('onRegister', (context) => void contexts.add(context))
  app.addHook('onReady', async () => {
    for (const context of contexts) {
      const { websocketServer } = context as { readonly websocketServer?: WebSocketServer }
      if (websocketServer) servers.add(websocketServer)
    }
    if (servers.size > 0 && shutdown.phase !== 'stopped')
      registerNumbered(shutdown, '@fastify/websocket', participant)
  })
}
