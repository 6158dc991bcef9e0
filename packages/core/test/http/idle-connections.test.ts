import t from 'tap'
import { inHand, serve, type ServeOptions } from './serve.js'

const quickly: ServeOptions = {
  options: { gracePeriodMs: 5_000, lameDuck: false, lastCall: { maxMs: 1_000, idleMs: 200 } },
}

const closed = (server: { close(callback: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()))

t.test(
  "the app's own server.close() does not cut a response that was ended and is still on its way",
  async (t) => {
    const body = Buffer.alloc(24 * 1024 * 1024)
    const { handler, next } = inHand()
    const served = await serve(t, handler, quickly)
    const client = await served.connect()
    client.socket.pause()
    client.send('/big')
    const { res } = await next()
    res.writeHead(200, { 'Content-Length': body.length, Connection: 'close' })
    res.end(body)
    const over = closed(served.server)
    const received = new Promise<number>((resolve) => {
      let length = 0
      client.socket.removeAllListeners('data')
      client.socket.on('data', (chunk) => (length += chunk.length))
      client.socket.once('end', () => resolve(length))
    })
    client.socket.resume()
    t.ok((await received) > body.length)
    await over
  },
)

t.test(
  "in normal service the app's own server.close() closes idle connections, as Node's does",
  async (t) => {
    const { handler, next } = inHand()
    const served = await serve(t, handler, quickly)
    const [idle, busy] = [await served.connect(), await served.connect()]
    idle.send('/')
    const first = await next()
    first.res.end()
    await idle.next()
    busy.send('/')
    const { res } = await next()
    const over = closed(served.server)
    t.equal(await idle.over, 'FIN')
    res.end('done')
    t.match(await busy.next(), { body: 'done' })
    busy.socket.end()
    await over
    t.equal(served.shutdown.phase, 'running')
  },
)

t.test('a shutdown after server.close() still drains what is open', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, quickly)
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  const over = closed(served.server)
  const report = served.shutdown.begin('the test')
  await served.phase('last-call')
  res.end('done')
  t.match(await client.next(), { status: 200, body: 'done' })
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
  await over
})

t.test('server.close() in the middle of a shutdown changes nothing', async (t) => {
  for (const phase of ['lame-duck', 'last-call', 'draining'] as const) {
    const { handler, next } = inHand()
    const served = await serve(t, handler, {
      options: {
        gracePeriodMs: 5_000,
        lameDuck: { minMs: 100, quietMs: 50 },
        lastCall: { maxMs: 600, idleMs: 300 },
      },
    })
    const [idle, busy] = [await served.connect(), await served.connect()]
    busy.send('/')
    const { res } = await next()
    const over = new Promise<void>((resolve) => {
      served.shutdown.subscribe((current) => {
        if (current === phase) served.server.close(() => resolve())
      })
    })
    const report = served.shutdown.begin('the test')
    await served.phase('draining')
    res.end('done')
    t.match(await busy.next(), { status: 200, body: 'done' }, `called in ${phase}`)
    t.equal(await idle.over, 'FIN')
    t.match(await report, { verdict: 'clean', connections: { idle: 1, told: 1 } })
    await over
  }
})
