// http-terminator, with the timeout that its README calls the default.
import { createHttpTerminator } from 'http-terminator'
import { createOrdersServer } from '../orders-server.js'
import { host, port } from '../variant.js'

const server = createOrdersServer()
const terminator = createHttpTerminator({ server, gracefulTerminationTimeout: 5_000 })
process.once('SIGTERM', async () => {
  await terminator.terminate()
  process.exit(0)
})
server.listen(port, host)
