// The control: node:http, and what most tutorials do on SIGTERM.
import { createOrdersServer } from './orders-server.js'
import { host, port } from './variant.js'

const server = createOrdersServer()
server.listen(port, host)
process.on('SIGTERM', () => server.close(() => process.exit(0)))
