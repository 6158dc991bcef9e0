import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import type { RawClient } from './raw-client.js'
import { inHand, serve, type Served, type ServeOptions } from './serve.js'

t.jobs = 2

const atOnce: ServeOptions = { options: { lameDuck: false, lastCall: false } }
const tls = createCertificate()
const size = 24 * 1024 * 1024
const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n'
const asking = { headers: ['Connection: Upgrade', 'Upgrade: raw'] }

/** A server whose upgraded sockets are handed to `owner`, and a client that was upgraded. */
async function upgrade(
  t: Test,
  owner: (socket: Duplex) => void,
  given: ServeOptions & { readonly event?: 'upgrade' | 'connect'; readonly paused?: boolean } = atOnce,
): Promise<{ served: Served; client: RawClient }> {
  const { server = createServer(), event = 'upgrade', paused = false } = given
  const upgraded = new Promise<void>((resolve) => {
    server.on(event, (_req, socket: Duplex) => {
      socket.write(switching)
      owner(socket)
      resolve()
    })
  })
  const served = await serve(t, inHand().handler, { ...given, server })
  const client = await served.connect({ allowHalfOpen: true, tls: 'setSecureContext' in server })
  if (paused) client.socket.pause()
  client.send('/', event === 'connect' ? { method: 'CONNECT' } : asking)
  await upgraded
  return { served, client }
}

/** Reads a chunk every few ms; settles with the number of bytes after the head, when the server ends. */
async function readSlowly({ socket }: RawClient, everyMs = 2): Promise<number> {
  let received = 0
  socket.removeAllListeners('data')
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length
    socket.pause()
  })
  socket.on('error', () => {})
  const timer = setInterval(() => socket.resume(), everyMs)
  await Promise.race([once(socket, 'end'), once(socket, 'close')])
  clearInterval(timer)
  socket.end()
  return received - switching.length
}

// chunks of 64 and of 16 kB: both take longer than a silent client would have
for (const [scheme, everyMs, create] of [
  ['http', 8, () => createServer()],
  ['https', 2, () => createSecureServer(tls)],
] as const) {
  t.test(`over ${scheme}, what is buffered for a slow reader arrives before the end`, async (t) => {
    const { served, client } = await upgrade(
      t,
      (socket) => socket.on('error', () => {}).write(Buffer.alloc(size)),
      { paused: true, server: create(), options: { ...atOnce.options, gracePeriodMs: 30_000 } },
    )
    const report = served.close()
    t.equal(await readSlowly(client, everyMs), size)
    t.match(await report, { verdict: 'clean', connections: { ended: 1 } })
  })
}

t.test('in however many pieces it was written', async (t) => {
  const pieces = 24
  const { served, client } = await upgrade(
    t,
    (socket) => {
      socket.on('error', () => {})
      for (let left = pieces; left > 0; left -= 1) socket.write(Buffer.alloc(size / pieces))
    },
    { paused: true, options: { ...atOnce.options, gracePeriodMs: 30_000 } },
  )
  const report = served.close()
  t.equal(await readSlowly(client, 8), size)
  t.match(await report, { verdict: 'clean', connections: { ended: 1 } })
})

t.test('control: destroyed, as a plain cut does, the rest of it is lost', async (t) => {
  let upgraded: Duplex | undefined
  const { client } = await upgrade(
    t,
    (socket) => {
      upgraded = socket
      socket.on('error', () => {}).write(Buffer.alloc(size))
    },
    { paused: true },
  )
  upgraded?.destroy()
  const received = await readSlowly(client)
  t.ok(received < size, `${received} of ${size} bytes`)
})

t.test('one that is silent is cut, within a second or a quarter of releaseMs', async (t) => {
  const { served, client } = await upgrade(t, () => {}, {
    options: { ...atOnce.options, releaseMs: 400 },
  })
  const report = served.close()
  t.equal(await client.over, 'FIN')
  const { verdict, tookMs } = await report
  t.equal(verdict, 'clean')
  t.ok(tookMs >= 99 && tookMs < 1_000, `took ${tookMs} ms`)
})

t.test('one that reads nothing of what is buffered is cut as well', async (t) => {
  const { served } = await upgrade(t, (socket) => socket.on('error', () => {}).write(Buffer.alloc(size)), {
    paused: true,
    options: { ...atOnce.options, releaseMs: 400 },
  })
  const { verdict, tookMs } = await served.close()
  t.equal(verdict, 'clean')
  t.ok(tookMs < 2_000, `took ${tookMs} ms`)
})

t.test('a tunnel is ended like any other', async (t) => {
  const { served, client } = await upgrade(t, (socket) => socket.pipe(socket), {
    ...atOnce,
    event: 'connect',
  })
  const report = served.close()
  t.equal(await client.over, 'FIN')
  client.socket.end()
  t.match(await report, { verdict: 'clean', connections: { ended: 1 } })
})

t.test('they are open as long as a request is in flight', async (t) => {
  const { handler, next } = inHand()
  const server = createServer(handler)
  server.on('upgrade', (_req, socket: Socket) => {
    socket.write(switching)
    socket.pipe(socket)
  })
  const served = await serve(t, () => {}, { ...atOnce, server })
  const [upgraded, busy] = [await served.connect(), await served.connect()]
  upgraded.send('/', asking)
  t.equal((await upgraded.next()).status, 101)
  busy.send('/')
  const { res } = await next()
  const report = served.close()
  await served.phase('draining')
  upgraded.socket.write('still there?')
  while (!upgraded.text.endsWith('there?')) await once(upgraded.socket, 'data')
  res.end('done')
  t.match(await busy.next(), { body: 'done' })
  t.equal(await upgraded.over, 'FIN')
  t.match(await report, { verdict: 'clean', connections: { ended: 1 } })
})

t.test('and as long as a hold is taken', async (t) => {
  const { served, client } = await upgrade(t, (socket) => socket.pipe(socket))
  const hold = served.shutdown.hold('import')
  const report = served.close()
  await served.phase('draining')
  client.socket.write('still there?')
  while (!client.text.endsWith('there?')) await once(client.socket, 'data')
  hold.release()
  t.equal(await client.over, 'FIN')
  client.socket.end()
  t.equal((await report).verdict, 'clean')
})

t.test('an owner that goes on writing after the end crashes nothing', async (t) => {
  const { served, client } = await upgrade(t, (socket) => {
    const timer = setInterval(() => socket.write('tick'), 1)
    socket.once('close', () => clearInterval(timer))
  })
  t.equal((await served.close()).verdict, 'clean')
  t.equal(await client.over, 'FIN')
})
