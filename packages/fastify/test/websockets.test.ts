import { once } from 'node:events'
import websocket from '@fastify/websocket'
import { lastcall } from '@lastcall/fastify'
import { ask, openSocket, startProgram, type Program } from '@lastcall/testing'
import { fastify } from 'fastify'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { fixture } from './fixture.js'

t.jobs = 3

const start = async (t: Test, env: Record<string, string>): Promise<[Program, number]> => {
  const program = startProgram(t, [fixture('websockets')], { env })
  return [program, await program.port()]
}

const connect = async (port: number): Promise<WebSocket> => {
  const client = new WebSocket(`ws://127.0.0.1:${port}/echo`)
  await once(client, 'open')
  return client
}

const closed = async (client: WebSocket): Promise<string> => {
  const [code, reason] = (await once(client, 'close')) as [number, Buffer]
  return `${code} ${String(reason)}`
}

/** Upgrades, and never answers a close frame; everything that it received. */
const connectSilently = async (port: number): Promise<{ received: Promise<string> }> => {
  const { socket, received } = await openSocket(port)
  const headers = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  socket.write(`GET /echo HTTP/1.1\r\n${[...headers, key].join('\r\n')}\r\n\r\n`)
  return { received }
}

for (const WHERE of ['before', 'after', 'in a plugin']) {
  const title = WHERE === 'in a plugin' ? 'in a plugin after it' : `${WHERE} it`
  t.test(`registered ${title}: a WebSocket works until it gets 1012, and the exit is 0`, async (t) => {
    const [program, port] = await start(t, { WHERE })
    await ask({ port }, '/readyz')
    const client = await connect(port)
    program.signal('SIGTERM')
    await program.line('"phase":"lame-duck"')
    client.send('still there?')
    t.equal(String((await once(client, 'message'))[0]), 'still there?')
    t.equal(await closed(client), '1012 service restart')
    const { code, lines, report } = await program.ended
    t.equal(code, 0)
    // closed before any hook runs
    t.strictSame(lines, ['connected', 'closed', 'onClose'])
    t.match(report, { verdict: 'clean' })
  })

  t.test(`registered ${title}: a peer that never answers is cut in draining`, async (t) => {
    const [program, port] = await start(t, { WHERE })
    const { received } = await connectSilently(port)
    await program.line('connected')
    program.signal('SIGTERM')
    const { code, lines, report } = await program.ended
    t.equal(code, 0)
    t.strictSame(lines, ['connected', 'closed', 'onClose'])
    t.match(report, { verdict: 'clean' })
    t.ok((report?.tookMs ?? Infinity) < (report?.budget.guardMs ?? 0), `took ${report?.tookMs} ms`)
    // the end of a close frame: its length, and 1012, whose second byte is no UTF-8
    t.ok((await received).endsWith('\u0011\u0003\ufffdservice restart'))
  })
}

t.test('what the close frame says can be chosen', async (t) => {
  const [program, port] = await start(t, { WHERE: 'before', WEBSOCKETS: '{"code":4000,"reason":"bye"}' })
  const client = await connect(port)
  program.signal('SIGTERM')
  t.equal(await closed(client), '4000 bye')
  t.equal((await program.ended).code, 0)
})

t.test('control: left alone, a client sees no close frame', async (t) => {
  const [program, port] = await start(t, { WHERE: 'before', WEBSOCKETS: 'false' })
  const client = await connect(port)
  program.signal('SIGTERM')
  t.equal(await closed(client), '1006 ')
  t.equal((await program.ended).code, 0)
})

t.test('app.close() closes them with 1012 as well', async (t) => {
  const app = fastify()
  await app.register(lastcall, { signals: false })
  await app.register(websocket)
  app.get('/echo', { websocket: true }, () => {})
  await app.listen({ port: 0, host: '127.0.0.1' })
  const client = await connect((app.server.address() as { port: number }).port)
  const [seen] = await Promise.all([closed(client), app.close()])
  t.equal(seen, '1012 service restart')
})

t.test('injectWS works beside the plugin, and its client is closed too', async (t) => {
  const app = fastify()
  await app.register(lastcall, { signals: false })
  await app.register(websocket)
  app.get('/echo', { websocket: true }, (socket) => {
    socket.on('message', (message: Buffer) => socket.send(message))
  })
  await app.ready()
  const client = await app.injectWS('/echo')
  client.send('hello')
  t.equal(String((await once(client, 'message'))[0]), 'hello')
  const [seen] = await Promise.all([closed(client), app.close()])
  t.equal(seen, '1012 service restart')
})

t.test('a server that does not track its clients is left alone', async (t) => {
  const app = fastify()
  await app.register(lastcall, { signals: false })
  await app.register(websocket, { options: { clientTracking: false } })
  await app.ready()
  await app.close()
  t.equal(app.shutdown.phase, 'stopped')
})

t.test('a code that cannot be sent is refused when it is registered', async (t) => {
  const app = fastify()
  const register = async () => app.register(lastcall, { signals: false, webSockets: { code: 1005 } })
  await t.rejects(register, { code: 'ERR_LASTCALL_OPTION' })
})
