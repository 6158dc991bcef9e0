import type { Shutdown } from '@lastcall/core'
import {
  closeWebSockets,
  registerNumbered,
  shadow,
  type CloseWebSocketsOptions,
  type WebSocketClient,
} from '@lastcall/core/http'
import type { WebSocketAdapter } from '@nestjs/common'
import type { ApplicationConfig } from '@nestjs/core'

/** A server of `ws`, as far as it is needed. */
interface WebSocketServer {
  readonly clients?: unknown
}

/**
 * Closes the clients of `ws` gateways with a frame, before Nest terminates them. Gateways are found where their servers are
 * made, by the adapter; the app has not chosen that yet.
 */
export function closeGateways(
  config: ApplicationConfig,
  shutdown: Shutdown,
  options: CloseWebSocketsOptions,
): void {
  const servers = new Set<WebSocketServer>()
  const clients = (): WebSocketClient[] => [...servers].flatMap(clientsOf)
  // here, for options that are refused
  const participant = closeWebSockets(clients, options)

  const watch = (adapter: WebSocketAdapter | null): void => {
    if (!adapter) return
    const create = adapter.create.bind(adapter)
    shadow(adapter, 'create', (port: number, given: unknown): unknown => {
      const server: unknown = create(port, given)
      if (typeof server !== 'object' || server === null) return server
      if (servers.size === 0 && shutdown.phase !== 'stopped')
        registerNumbered(shutdown, 'nestjs websockets', participant)
      servers.add(server)
      return server
    })
  }

  const set = config.setIoAdapter.bind(config)
  shadow(config, 'setIoAdapter', (adapter: WebSocketAdapter) => {
    set(adapter)
    watch(adapter)
  })
  watch(config.getIoAdapter())
}

/** The clients of `ws`; those of socket.io come back by themselves when their transport ends. */
function clientsOf({ clients }: WebSocketServer): WebSocketClient[] {
  return clients instanceof Set ? [...(clients as Set<WebSocketClient>)] : []
}
