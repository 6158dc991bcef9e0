// @gquittet/graceful-server in its Kubernetes mode, which goes on serving for a second.
import GracefulServer from '@gquittet/graceful-server'
import { createOrdersServer } from '../orders-server.js'
import { host, port } from '../variant.js'

const server = createOrdersServer()
const gracefulServer = GracefulServer(server, { kubernetes: true, readinessEndpoint: '/readyz' })
server.listen(port, host, () => gracefulServer.setReady())
