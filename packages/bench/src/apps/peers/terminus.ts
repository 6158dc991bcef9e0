// @godaddy/terminus, as its README says for Kubernetes: a delay of 5 s before it stops, and exit code 0.
import { setTimeout } from 'node:timers/promises'
import { createTerminus } from '@godaddy/terminus'
import { createOrdersServer } from '../orders-server.js'
import { host, port } from '../variant.js'

const server = createOrdersServer()
createTerminus(server, {
  healthChecks: { '/readyz': async () => {} },
  beforeShutdown: () => setTimeout(5_000),
  useExit0: true,
})
server.listen(port, host)
