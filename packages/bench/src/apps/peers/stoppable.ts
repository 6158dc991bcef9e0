// stoppable, as in its README: no request is cut, however long it takes.
import stoppable from 'stoppable'
import { createOrdersServer } from '../orders-server.js'
import { host, port } from '../variant.js'

const server = stoppable(createOrdersServer())
process.once('SIGTERM', () => server.stop(() => process.exit(0)))
server.listen(port, host)
