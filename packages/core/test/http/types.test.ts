import { createServer, type Server as HttpServer } from 'node:http'
import type { Http2SecureServer } from 'node:http2'
import type { Server as HttpsServer } from 'node:https'
import { createShutdown, type Shutdown } from '@lastcall/core'
import {
  closeWebSockets,
  createAdminServer,
  drainServer,
  endEventStream,
  handleProbes,
  type AdminServer,
  type ProbePaths,
} from '@lastcall/core/http'
import t from 'tap'
import type { WebSocketServer } from 'ws'

// what this file is about is checked when it is compiled
export async function compiles(
  shutdown: Shutdown,
  servers: { http: HttpServer; https: HttpsServer; http2: Http2SecureServer; sockets: WebSocketServer },
): Promise<void> {
  drainServer(servers.http, shutdown)
  drainServer(servers.https, shutdown, { probes: false })
  drainServer(servers.http2, shutdown, { random: Math.random })
  // @ts-expect-error -- no server
  drainServer(servers.sockets, shutdown)
  const paths: ProbePaths = { live: '/alive', ready: false }
  const probe = handleProbes(shutdown, paths)
  createServer((req, res) => probe(req, res) || endEventStream(res, { retryMs: [1_000, 5_000] }))
  shutdown.register('sockets', closeWebSockets(servers.sockets.clients, { code: 1_001 }))
  // @ts-expect-error -- a token is text
  await createAdminServer(shutdown, { port: 0, token: 4_711 })
  const admin: AdminServer = await createAdminServer(shutdown, { port: 0, host: '127.0.0.1' })
  const port: number = admin.port
  console.log(port)
}

t.test('what handles probes says whether it was one', async (t) => {
  const probe: ReturnType<typeof handleProbes> = handleProbes(createShutdown({ signals: false }))
  t.equal(probe.length, 2)
})
