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
import { engineClients, type EngineServer } from './engine-clients.js'

/** A server of `ws`, which has clients, or one of socket.io. */
interface GatewayServer extends EngineServer {
  readonly clients?: unknown
}

/**
 * Closes the clients of gateways before Nest terminates them, those of `ws` with a frame. Gateways are found where their
 * servers are made, by the adapter; the app has not chosen that yet.
 */
export function closeGateways(
  config: ApplicationConfig,
  shutdown: Shutdown,
  options: CloseWebSocketsOptions,
): void {
  const servers = new Set<GatewayServer>()
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

function clientsOf(server: GatewayServer): WebSocketClient[] {
  const { clients } = server
  return clients instanceof Set ? [...(clients as Set<WebSocketClient>)] : engineClients(server)
}
