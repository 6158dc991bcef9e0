import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { handleOrders, keepAliveTimeoutMs } from './orders.js'

/** The orders on node:http, and a readiness endpoint that says what `isReady` says: by default that it lives. */
export function createOrdersServer(isReady: () => boolean = () => true): Server {
  const server = createServer((req, res) => {
    // some peers answer probes themselves, and let the app see them all the same
    if (res.writableEnded) return
    if (req.url === '/readyz') res.writeHead(isReady() ? 200 : 503).end()
    // rejects only when the client has gone
    else handleOrders(req, res).catch(() => res.destroy())
  })
  server.keepAliveTimeout = keepAliveTimeoutMs
  return server
}
