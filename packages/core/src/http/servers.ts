import type { Server } from 'node:http'
import type { Http2SecureServer, Http2Server } from 'node:http2'
import type { Server as NetServer } from 'node:net'

/** What can be drained; a `node:https` server is one of `node:http` with TLS. */
export type DrainableServer = Server | SessionServer

/** The servers of `node:http2`: without TLS, and with it. */
export type SessionServer = Http2Server | Http2SecureServer

export const speaksHttp2 = (server: DrainableServer | NetServer): server is SessionServer =>
  typeof (server as Partial<SessionServer> | undefined | null)?.updateSettings === 'function'

/**
 * A server of `node:http2` with TLS counts too: with `allowHTTP1` it emits what `node:http`'s does, and without it the
 * connections of clients that speak no HTTP/2 have to be closed all the same.
 */
export const speaksHttp1 = (server: DrainableServer | NetServer): server is Server =>
  typeof (server as Partial<Server> | undefined | null)?.closeIdleConnections === 'function'
