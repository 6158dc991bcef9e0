// The control: node:http, and what most tutorials do on SIGTERM.
import { createServer } from 'node:http'
import { handleOrders, keepAliveTimeoutMs } from './orders.js'
import { host, port } from './variant.js'

const server = createServer((req, res) => {
  if (req.url === '/readyz') res.end('ready')
  // rejects only when the client has gone
  else handleOrders(req, res).catch(() => res.destroy())
})
server.keepAliveTimeout = keepAliveTimeoutMs
server.listen(port, host)
process.on('SIGTERM', () => server.close(() => process.exit(0)))
