import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { findFreePort } from '#src/drill/app/free-port.js'

t.test('the port can be listened on, and no outgoing connection can take it', async (t) => {
  const port = await findFreePort('127.0.0.1')
  t.ok(port >= 10_000 && port < 32_768, `${port} is below the ephemeral range`)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()
})

t.test('a port that was found is not found again, although nobody listens on it yet', async (t) => {
  const ports = new Set<number>()
  for (let found = 0; found < 20; found++) ports.add(await findFreePort('127.0.0.1'))
  t.equal(ports.size, 20)
})

t.test('a port that is taken is passed over', async (t) => {
  const taken = (await findFreePort('127.0.0.1')) + 1
  const server = createServer().listen(taken, '127.0.0.1')
  await once(server, 'listening')
  t.not(await findFreePort('127.0.0.1'), taken)
  server.close()
})
