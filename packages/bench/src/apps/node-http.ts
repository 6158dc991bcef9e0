// node:http with drainServer.
import { createServer } from 'node:http'
import { createShutdown } from '@lastcall/core'
import { drainServer, handleProbes } from '@lastcall/core/http'
import { handleOrders, keepAliveTimeoutMs } from './orders.js'
import { noteOpened, tellsEarly, watchLameDuck } from './tell-early.js'
import { host, options, port } from './variant.js'

const shutdown = createShutdown(options)
watchLameDuck(shutdown)
const probe = handleProbes(shutdown)
const server = createServer((req, res) => {
  if (probe(req, res)) return
  if (tellsEarly(shutdown, req.socket)) res.setHeader('connection', 'close')
  // rejects only when the client has gone
  handleOrders(req, res).catch(() => res.destroy())
})
server.keepAliveTimeout = keepAliveTimeoutMs
server.on('connection', noteOpened)
drainServer(server, shutdown)
server.listen(port, host)
