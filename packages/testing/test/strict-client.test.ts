import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { ask } from '@lastcall/testing'
import t, { type Test } from 'tap'

/** Answers every connection with these bytes and a FIN. */
async function answer(t: Test, bytes: string): Promise<{ port: number; asked: () => number }> {
  let asked = 0
  const server = createServer((socket: Socket) => {
    asked += 1
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, asked: () => asked }
}

t.test('a whole answer is one', async (t) => {
  const { port } = await answer(t, 'HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno')
  t.match(await ask({ port }, '/'), { status: 503, body: 'no' })
})

for (const [what, bytes] of [
  ['a truncated answer', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'],
  ['no answer', ''],
] as const) {
  t.test(`${what} is an error, and nothing is asked twice`, async (t) => {
    const { port, asked } = await answer(t, bytes)
    await t.rejects(ask({ port }, '/'), { code: 'ECONNRESET' })
    t.equal(asked(), 1)
  })
}
