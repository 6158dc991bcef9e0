import { once } from 'node:events'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { closeWebSockets } from '@lastcall/core/http'
import { startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import type { WebSocketSettings } from './fixtures/websockets.js'
import { connectRaw } from './raw-client.js'

t.jobs = 2

async function start(
  t: Test,
  settings: Partial<WebSocketSettings> = {},
): Promise<{ program: Program; port: number }> {
  const file = fileURLToPath(new URL('fixtures/websockets.js', import.meta.url))
  const defaults = { closing: {}, options: { lameDuck: false } } as const
  const program = startProgram(t, [file, JSON.stringify({ ...defaults, ...settings })])
  return { program, port: await program.port() }
}

async function open(t: Test, port: number, path = '/'): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${port}${path}`)
  t.teardown(() => client.terminate())
  await once(client, 'open')
  return client
}

const closed = async (client: WebSocket): Promise<[number, string]> => {
  const [code, reason] = (await once(client, 'close')) as [number, Buffer]
  return [code, String(reason)]
}

/** A client that upgrades, and then neither reads nor answers. */
async function openSilently(t: Test, port: number, path = '/'): Promise<Socket> {
  const { socket } = await connectRaw(port, { allowHalfOpen: true })
  t.teardown(() => socket.destroy())
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  const headers = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', key]
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
  return socket
}

t.test('on SIGTERM clients get 1012, and the exit is 0', async (t) => {
  const { program, port } = await start(t)
  const clients = await Promise.all(Array.from({ length: 20 }, () => open(t, port)))
  program.signal('SIGTERM')
  const codes = await Promise.all(clients.map(closed))
  t.strictSame(new Set(codes.map(String)), new Set(['1012,service restart']))
  const { code, reports, tookMs } = await program.ended
  t.equal(code, 0)
  t.match(reports, [{ verdict: 'clean', participants: { count: 1, items: [{ cut: false }] } }])
  // nobody waits for the silence of those who have answered
  t.ok(tookMs < 1_500, `took ${tookMs} ms`)
})

t.test('control: without closeWebSockets they see 1006', async (t) => {
  const { program, port } = await start(t, { closing: false })
  const client = await open(t, port)
  program.signal('SIGTERM')
  t.strictSame(await closed(client), [1006, ''])
  t.equal((await program.ended).code, 0)
})

t.test('the code and the reason are those that were given', async (t) => {
  const { program, port } = await start(t, { closing: { code: 4_001, reason: 'bis später' } })
  const client = await open(t, port)
  program.signal('SIGTERM')
  t.strictSame(await closed(client), [4_001, 'bis später'])
})

t.test('until its moment a client is served', async (t) => {
  const { program, port } = await start(t, { options: { lameDuck: { minMs: 300 } } })
  const client = await open(t, port)
  program.signal('SIGTERM')
  await program.line('lame-duck')
  client.send('still there?')
  t.equal(String((await once(client, 'message'))[0]), 'still there?')
  t.equal((await closed(client))[0], 1_012)
})

t.test('a client that never answers is cut, and the verdict is clean', async (t) => {
  const { program, port } = await start(t)
  const socket = await openSilently(t, port)
  await program.line('connected')
  program.signal('SIGTERM')
  const { code, reports, tookMs } = await program.ended
  t.equal(code, 0)
  t.match(reports, [{ verdict: 'clean', cut: { count: 0 } }])
  t.ok(tookMs < (reports[0]?.budget.drainDeadlineMs ?? 0), `took ${tookMs} ms`)
  socket.destroy()
})

t.test(
  'a slow reader gets the whole of a message that was sent before, and then the close frame',
  async (t) => {
    const { program, port } = await start(t, { options: { gracePeriodMs: 30_000, lameDuck: false } })
    const client = new WebSocket(`ws://127.0.0.1:${port}/24`)
    t.teardown(() => client.terminate())
    await once(client, 'open')
    client.pause()
    await program.line('connected')
    program.signal('SIGTERM')
    await program.line('draining')
    // 64 kB every 10 ms: it takes longer than a silent client would have
    const { _socket: socket } = client as unknown as { readonly _socket: Socket }
    const timer = setInterval(() => {
      client.resume()
      socket.once('data', () => client.pause())
    }, 10)
    t.teardown(() => clearInterval(timer))
    const [message] = (await once(client, 'message')) as [Buffer]
    clearInterval(timer)
    client.resume()
    t.equal(message.length, 24 * 1024 * 1024)
    t.strictSame(await closed(client), [1_012, 'service restart'])
    const { code, reports } = await program.ended
    t.equal(code, 0)
    t.equal(reports[0]?.verdict, 'clean')
    t.comment(`the shutdown took ${reports[0]?.tookMs} ms`)
  },
)

t.test('what cannot be sent is refused when it is given', async (t) => {
  const refused = (clients: unknown, options?: unknown): void => {
    const call = (): unknown => closeWebSockets(clients as never, options as never)
    t.throws(call, { code: 'ERR_LASTCALL_OPTION' })
  }
  for (const code of [999, 1004, 1005, 1006, 1015, 2_000, 2_999, 5_000, 1_000.5, NaN, '1012', null])
    refused([], { code })
  for (const reason of ['x'.repeat(124), 'ü'.repeat(62), 7, null]) refused([], { reason })
  refused([], { random: 1 })
  refused([], { codes: 1_000 })
  refused([], null)
  for (const clients of [undefined, null, 7, {}]) refused(clients)
  for (const code of [1000, 1001, 1003, 1007, 1012, 1014, 3_000, 4_999, undefined])
    t.ok(closeWebSockets(new Set(), { code, reason: 'x'.repeat(123) } as object), String(code))
  t.ok(closeWebSockets(() => []))
})
