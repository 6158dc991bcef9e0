// lil-http-terminator, as in its README.
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { createOrdersServer } from '../orders-server.js'
import { host, port } from '../variant.js'

// it has no types; these are what its README promises
const createTerminator = createRequire(import.meta.url)('lil-http-terminator') as (options: {
  readonly server: Server
}) => { terminate(): Promise<{ readonly success: boolean }> }

const server = createOrdersServer()
const terminator = createTerminator({ server })
process.once('SIGTERM', async () => {
  await terminator.terminate()
  process.exit(0)
})
server.listen(port, host)
