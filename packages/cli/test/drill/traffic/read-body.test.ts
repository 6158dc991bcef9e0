import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { drainBody, readSlowly } from '#src/drill/traffic/read-body.js'

const large = Buffer.alloc(8_000_000, 'espresso;')
const sha256 = createHash('sha256').update(large).digest('hex')

async function receive(t: Test, body: Buffer, cutAfter = body.length): Promise<IncomingMessage> {
  const server = createServer((_request, response) => {
    response.setHeader('content-length', body.length)
    response.write(body.subarray(0, cutAfter), () => {
      if (cutAfter < body.length) response.destroy()
    })
    if (cutAfter === body.length) response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo // a TCP server
  const [response] = await once(get({ host: '127.0.0.1', port, agent: false }), 'response')
  return response
}

t.test('a slow reader takes its time and sees that everything arrived', async (t) => {
  const startedAt = performance.now()
  t.equal(await readSlowly(sha256, 400)(await receive(t, large)), true)
  t.ok(performance.now() - startedAt >= 380)
})

t.test('a slow reader notices that something else arrived', async (t) => {
  const other = Buffer.from(large)
  other[4_000_000] = 0
  t.equal(await readSlowly(sha256, 100)(await receive(t, other)), false)
})

t.test('without a checksum the length is checked', async (t) => {
  t.equal(await readSlowly(undefined, 100)(await receive(t, large)), true)
  await t.rejects(readSlowly(undefined, 100)(await receive(t, large, 5_000_000)))
})

t.test('a body that stops early rejects', async (t) => {
  await t.rejects(drainBody(await receive(t, large, 1_000)))
  await t.rejects(readSlowly(sha256, 100)(await receive(t, large, 5_000_000)))
})
