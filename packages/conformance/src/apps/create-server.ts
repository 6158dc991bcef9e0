import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import {
  createServer as createSessionServer,
  createSecureServer as createSecureSessionServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import { createServer as createSecureServer } from 'node:https'
import { settings } from './settings.js'

export type ServerRequest = IncomingMessage | Http2ServerRequest
export type Response = ServerResponse | Http2ServerResponse

const keepAliveTimeout = 72_000

/** One of Node's four. WebSockets are for those that have `upgrades`. */
export function createServerFor(listener: (req: ServerRequest, res: Response) => void): {
  readonly server: Server | Http2Server | Http2SecureServer
  readonly upgrades: Server | undefined
} {
  const { protocol, tls } = settings
  if (protocol === 'http2') return { server: createSessionServer(listener), upgrades: undefined }
  if (protocol === 'https2') return { server: createSecureSessionServer(tls, listener), upgrades: undefined }
  const server =
    protocol === 'https'
      ? createSecureServer({ ...tls, keepAliveTimeout }, listener)
      : createServer({ keepAliveTimeout }, listener)
  return { server, upgrades: server }
}
