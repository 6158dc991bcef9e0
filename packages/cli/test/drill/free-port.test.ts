import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { findFreePort } from '#src/drill/free-port.js'

t.test('the port can be listened on, and no outgoing connection can take it', async (t) => {
  const port = await findFreePort('127.0.0.1')
  t.ok(port >= 10_000 && port < 32_768, `${port} is below the ephemeral range`)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()
})
