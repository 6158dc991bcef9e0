import { createSecureServer } from 'node:http2'
import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp } from './app.js'
import { connectRaw, type RawClient } from './raw-client.js'
import { ask, serveSessions, streamsInHand, type ServeSessionsOptions } from './serve-sessions.js'

t.jobs = 2

const tls = createCertificate()

/** A server that speaks both, with a client of each kind. */
async function serveBoth(t: Test, given: ServeSessionsOptions) {
  const served = await serveSessions(t, {
    server: createSecureServer({ ...tls, allowHTTP1: true }),
    ...given,
  })
  const old: RawClient = await connectRaw(served.port, { tls: true })
  t.teardown(() => old.socket.destroy())
  return { served, old, client: await served.connect() }
}

t.test('clients of both protocols are served, told, and counted once each', async (t) => {
  const { served, old, client } = await serveBoth(t, {
    options: { lameDuck: false, lastCall: { maxMs: 3_000, idleMs: 500 } },
    drain: { random: () => 0 },
    request: (req, res) => void res.end(`HTTP/${req.httpVersion}`),
  })
  old.send('/')
  t.match(await old.next(), { status: 200, body: 'HTTP/1.1', headers: { connection: 'keep-alive' } })
  t.match(await ask(client, '/').answer, { status: 200, body: 'HTTP/2.0' })
  const told = new Promise((resolve) => client.once('goaway', resolve))
  const report = served.shutdown.begin('the test')
  await told
  old.send('/')
  t.match(await old.next(), { status: 200, body: 'HTTP/1.1', headers: { connection: 'close' } })
  t.equal(await old.over, 'FIN')
  const { verdict, connections, phases } = await report
  t.equal(verdict, 'clean')
  t.match(connections, { told: 2, idle: 0, ended: 0, left: 0 })
  t.match(phases[1], { phase: 'last-call', requests: 1, connections: 2 })
  t.strictSame(served.warnings, [])
})

t.test('in draining the work of both finishes, and a late request of either gets a 503', async (t) => {
  const hand = streamsInHand()
  const { served, old, client } = await serveBoth(t, { options: {}, request: hand.request })
  const late = await connectRaw(served.port, { tls: true })
  t.teardown(() => late.socket.destroy())
  old.send('/')
  const oldResponse = await hand.nextResponse()
  const { answer } = ask(client, '/')
  const newResponse = await hand.nextResponse()
  late.socket.write('GET / HTTP/1.1\r\n')
  const report = served.close()
  await served.phase('draining')
  late.socket.write('Host: localhost\r\n\r\n')
  t.match(await late.next(), { status: 503, headers: { connection: 'close', 'retry-after': /^[123]$/ } })
  oldResponse.end('old')
  newResponse.end('new')
  t.match(await old.next(), { status: 200, body: 'old', headers: { connection: 'close' } })
  t.match(await answer, { status: 200, body: 'new', code: 0 })
  t.equal(hand.count, 2)
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('requests of both are cut at the deadline, and named', async (t) => {
  const options = { gracePeriodMs: 2_000, releaseMs: 300, lameDuck: false, lastCall: false } as const
  const app = await startApp(t, { options, tls, http2: 'or HTTP/1' })
  const old = await app.connect()
  old.send('/never?old')
  await app.line('handling /never?old')
  const client = await app.frames()
  const id = client.ask('/never?new')
  await app.line('handling /never?new')
  app.signal('SIGTERM')
  t.equal((await old.next()).status, 503)
  await client.next('HEADERS', { stream: id })
  t.match((await app.report()).cut, { count: 2 })
  t.equal((await app.ended).code, 1)
})

t.test('listeners of streams alone are not disturbed by HTTP/1', async (t) => {
  const server = createSecureServer({ ...tls, allowHTTP1: true })
  const served = await serveSessions(t, {
    server,
    stream(stream) {
      stream.respond({ ':status': 200 })
      stream.end('a stream')
    },
  })
  t.equal(server.listenerCount('request'), 0)
  t.match(await ask(await served.connect(), '/').answer, { status: 200, body: 'a stream' })
  t.equal((await served.close()).verdict, 'clean')
})
