// http-graceful-shutdown, as in its README.
import gracefulShutdown from 'http-graceful-shutdown'
import { createOrdersServer } from '../orders-server.js'
import { host, port } from '../variant.js'

const server = createOrdersServer()
gracefulShutdown(server)
server.listen(port, host)
