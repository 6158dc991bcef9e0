import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import t from 'tap'
import { keepSilentConnection } from '#src/drill/traffic/silent-connection.js'

t.test('it sends nothing, comes back after it was closed, and leaves when told', async (t) => {
  let bytes = 0
  const server = createServer((socket) => void socket.on('data', (data) => (bytes += data.length)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo // a TCP server
  const leaving = new AbortController()
  const kept = keepSilentConnection(() => ({ name: 'app', host: '127.0.0.1', port }), leaving)
  const [first]: Socket[] = await once(server, 'connection')
  first?.destroy()
  const [second]: Socket[] = await once(server, 'connection')
  leaving.abort()
  await kept
  if (second && !second.closed) await once(second, 'close')
  t.equal(bytes, 0)
})
