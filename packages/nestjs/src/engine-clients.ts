import type { WebSocketClient } from '@lastcall/core/http'

/** A client of Engine.IO, which carries socket.io, over a WebSocket or by long polling. */
interface EngineClient {
  readonly readyState: 'opening' | 'open' | 'closing' | 'closed'
  close(discard?: boolean): unknown
  once(event: 'close', listener: () => void): unknown
  /** Has a WebSocket of `ws`, if that is the transport. */
  readonly transport?: { readonly socket?: { terminate?(): void } }
}

/** A socket.io server, or one of its namespaces. */
export interface EngineServer {
  readonly engine?: Engine
  readonly server?: { readonly engine?: Engine }
}

interface Engine {
  readonly clients?: Readonly<Record<string, EngineClient>>
}

const states = { opening: 0, open: 1, closing: 2, closed: 3 } as const

/** Each is known by its identity while it says goodbye. */
const known = new WeakMap<EngineClient, WebSocketClient>()

/**
 * The clients of a socket.io server, as WebSockets. It is their transport that ends, and not their socket: a client that
 * is disconnected by the server does not come back by itself (socket.io docs, "disconnect"). There is no code to be sent.
 */
export function engineClients({ engine, server }: EngineServer): WebSocketClient[] {
  return Object.values((engine ?? server?.engine)?.clients ?? {}).map((client) => {
    const before = known.get(client)
    if (before) return before
    const socket: WebSocketClient = {
      get readyState() {
        return states[client.readyState]
      },
      close: () => void client.close(),
      terminate() {
        client.transport?.socket?.terminate?.()
        client.close(true)
      },
      once: (event, listener) => client.once(event, listener),
    }
    known.set(client, socket)
    return socket
  })
}
