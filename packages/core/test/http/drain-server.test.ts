import { createServer } from 'node:http'
import { createShutdown, type Report } from '@lastcall/core'
import { drainServer } from '@lastcall/core/http'
import t from 'tap'
import { startApp } from './app.js'
import { connectRaw } from './raw-client.js'
import { inHand, listenerClosed, serve, type ServeOptions } from './serve.js'

const quickly: ServeOptions = {
  options: { gracePeriodMs: 5_000, lameDuck: false, lastCall: { maxMs: 1_000, idleMs: 300 } },
  drain: { random: () => 0 },
}

t.test('the app is ready when its server listens', async (t) => {
  const server = createServer()
  const shutdown = createShutdown({ signals: false, crashes: false })
  drainServer(server, shutdown)
  t.equal(shutdown.phase, 'starting')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.equal(shutdown.phase, 'running')
  await shutdown.begin('the test')
  t.notOk(server.listening)
})

t.test('a server that listens already makes it ready at once', async (t) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const shutdown = createShutdown({ signals: false, crashes: false })
  drainServer(server, shutdown)
  t.equal(shutdown.phase, 'running')
  await shutdown.begin('the test')
})

t.test('what is no server, and what is no shutdown, is refused with a code', (t) => {
  const shutdown = createShutdown({ signals: false, crashes: false })
  for (const wrong of [undefined, null, {}, () => {}, 'server'])
    t.throws(() => drainServer(wrong as never, shutdown), { code: 'ERR_LASTCALL_NOT_A_SERVER' })
  for (const wrong of [undefined, null, {}, createServer()])
    t.throws(() => drainServer(createServer(), wrong as never), { code: 'ERR_LASTCALL_NOT_A_SHUTDOWN' })
  t.end()
})

t.test('two servers of one instance go through the phases together', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, quickly)
  const other = createServer((_req, res) => res.end('the other'))
  drainServer(other, served.shutdown, { random: () => 0 })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const otherPort = (other.address() as { port: number }).port
  const [busy, late] = [await served.connect(), await connectRaw(otherPort)]
  late.send('/')
  t.match(await late.next(), { headers: { connection: 'keep-alive' } })
  busy.send('/')
  const { res } = await next()
  const report = served.shutdown.begin('the test')
  await Promise.all([served.listenerClosed(), listenerClosed(other)])
  late.send('/')
  t.match(await late.next(), { body: 'the other', headers: { connection: 'close' } })
  await t.rejects(connectRaw(otherPort), { code: 'ECONNREFUSED' })
  // the other server is done, and its instance is not
  await served.phase('last-call')
  res.end('done')
  t.match(await busy.next(), { body: 'done', headers: { connection: 'close' } })
  const { connections, phases, verdict } = await report
  t.match(connections, { told: 2, idle: 0 })
  t.match(phases[1], { phase: 'last-call', requests: 1, inFlight: 1, connections: 2 })
  t.equal(verdict, 'clean')
})

t.test('a server that is drained when the shutdown has begun is closed with the rest', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, quickly)
  const busy = await served.connect()
  busy.send('/')
  const { res } = await next()
  const report = served.shutdown.begin('the test')
  await served.phase('last-call')
  const late = createServer()
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve))
  drainServer(late, served.shutdown)
  await new Promise((resolve) => late.once('close', resolve))
  res.end()
  t.equal((await report).verdict, 'clean')
})

t.test('the report says how many requests each phase served, and how connections ended', async (t) => {
  const app = await startApp(t, {
    random: 0,
    options: {
      gracePeriodMs: 10_000,
      lameDuck: { minMs: 400, quietMs: 100 },
      lastCall: { maxMs: 3_000, idleMs: 1_200 },
    },
  })
  const [busy, told, idle, left, late] = await Promise.all([0, 1, 2, 3, 4].map(() => app.connect()))
  for (const client of [told, idle, left]) {
    client?.send('/')
    await client?.next()
  }
  busy?.send('/wait')
  await app.line('handling /wait')
  late?.socket.write('GET / HTTP/1.1\r\n')
  app.signal('SIGTERM')
  await app.line('lame-duck')
  for (const path of ['/', '/readyz']) {
    told?.send(path)
    await told?.next()
  }
  await app.line('listener closed')
  told?.send('/')
  t.match(await told?.next(), { headers: { connection: 'close' } })
  left?.socket.end()
  await left?.gone
  await app.line('draining')
  late?.socket.write('Host: localhost\r\n\r\n')
  t.equal((await late?.next())?.status, 503)
  app.signal('SIGUSR2')
  t.equal((await busy?.next())?.status, 200)
  t.equal(await idle?.over, 'FIN')

  const report: Report = await app.report()
  t.match(report, {
    reason: 'SIGTERM',
    verdict: 'clean',
    refused: 1,
    cut: { count: 0 },
    connections: { told: 3, idle: 1, ended: 0, left: 1, gaveUpAccepting: false },
  })
  t.match(report.phases, [
    { phase: 'lame-duck', requests: 2, inFlight: 1, connections: 5 },
    { phase: 'last-call', requests: 1, inFlight: 1, connections: 5 },
    { phase: 'draining', requests: 1, inFlight: 1 },
    { phase: 'releasing', requests: 0, inFlight: 0 },
  ])
  const { log } = await app.ended
  t.match(
    log.find(({ msg }) => msg === 'draining'),
    { phase: 'draining', reason: 'SIGTERM', inFlight: 1, after: 'its maximum' },
  )
  t.match(
    log.at(-1)?.msg,
    /^shutdown on SIGTERM clean in \d+ of 10000 ms; 3 requests served, 1 answered 503, 0 cut$/,
  )
})

t.test('what undoes it leaves the server as it was', async (t) => {
  const { handler, next } = inHand()
  const plain = createServer(handler)
  const before = state(plain)
  const served = await serve(t, () => {}, { ...quickly, server: plain })
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  res.end()
  await client.next()
  await report
  served.undo()
  plain.removeAllListeners('request').on('request', handler)
  t.strictSame(state(plain), before)

  // and it can listen again, without anybody in between
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const again = await connectRaw((plain.address() as { port: number }).port)
  again.send('/')
  ;(await next()).res.end('back')
  t.match(await again.next(), { status: 200, body: 'back', headers: { connection: 'keep-alive' } })
  again.socket.destroy()
  plain.closeAllConnections()
  await new Promise((resolve) => plain.close(resolve))
})

/** Who listens, and what was put on it; Node's own fields begin with an underscore. */
const state = (server: ReturnType<typeof createServer>): object => ({
  listeners: Object.fromEntries(server.eventNames().map((event) => [event, server.listenerCount(event)])),
  keys: Object.keys(server).filter((key) => !key.startsWith('_')),
})
