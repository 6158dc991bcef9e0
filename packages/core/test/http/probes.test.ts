import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ShutdownOptions } from '@lastcall/core'
import { handleProbes, type ProbePaths } from '@lastcall/core/http'
import t, { type Test } from 'tap'
import { startApp } from './app.js'
import { serve, type Served } from './serve.js'

/** A server that answers probes and says 'the app' to everything else. */
async function serveProbes(t: Test, options: ShutdownOptions = {}, paths?: ProbePaths): Promise<Served> {
  let probe: (req: IncomingMessage, res: ServerResponse) => boolean = () => false
  const served = await serve(t, (req, res) => void (probe(req, res) || res.end('the app')), {
    options,
    ...(paths ? { drain: { probes: paths } } : {}),
  })
  probe = handleProbes(served.shutdown, paths)
  return served
}

async function ask(served: Served, path: string, method = 'GET') {
  const client = await served.connect()
  client.send(path, { method, headers: ['Connection: close'] })
  return client.next()
}

t.test('a server that listens is ready and alive', async (t) => {
  const served = await serveProbes(t)
  t.match(await ask(served, '/readyz'), { status: 200, body: '{"status":"ok","phase":"running"}' })
  t.match(await ask(served, '/livez'), { status: 200, body: '{"status":"ok","phase":"running"}' })
})

t.test('an app that says itself when it is ready is not ready before, and alive', async (t) => {
  const served = await serveProbes(t, { manualReady: true })
  t.match(await ask(served, '/readyz'), { status: 503, body: '{"status":"unavailable","phase":"starting"}' })
  t.match(await ask(served, '/livez'), { status: 200 })
  served.shutdown.ready()
  t.match(await ask(served, '/readyz'), { status: 200 })
})

t.test('an answer to a probe is stored by nobody', async (t) => {
  const { headers } = await ask(await serveProbes(t), '/readyz')
  t.match(headers, { 'cache-control': 'no-store', 'content-type': 'application/json' })
})

t.test('HEAD is answered like GET, without a body', async (t) => {
  const served = await serveProbes(t)
  const client = await served.connect()
  client.socket.write('HEAD /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await client.gone
  t.equal(client.text.split('\r\n')[0], 'HTTP/1.1 200 OK')
  t.ok(client.text.endsWith('\r\n\r\n'))
})

t.test('a query string does not matter', async (t) => {
  const served = await serveProbes(t)
  t.match(await ask(served, '/readyz?verbose=1&exclude=etcd'), { status: 200, body: /"status":"ok"/ })
})

t.test('other methods and other paths belong to the app', async (t) => {
  const served = await serveProbes(t)
  t.equal((await ask(served, '/readyz', 'POST')).body, 'the app')
  t.equal((await ask(served, '/readyz/')).body, 'the app')
  t.equal((await ask(served, '/')).body, 'the app')
})

t.test('probes answer where they are told to, and one can be turned off', async (t) => {
  const served = await serveProbes(t, {}, { live: false, ready: '/healthy' })
  t.match(await ask(served, '/healthy'), { status: 200, body: /"status":"ok"/ })
  t.equal((await ask(served, '/livez')).body, 'the app')
  t.equal((await ask(served, '/readyz')).body, 'the app')
})

const never = new Promise<boolean>(() => {})

for (const [how, readiness, status] of [
  ['says yes', () => true, 200],
  ['says yes later', async () => true, 200],
  ['says no', () => false, 503],
  ['says something that is not true', () => 'yes' as never, 503],
  [
    'throws',
    () => {
      throw new Error('no database')
    },
    503,
  ],
  ['rejects', () => Promise.reject(new Error('no database')), 503],
] as const) {
  t.test(`readiness is ${status} when the app's own check ${how}`, async (t) => {
    const served = await serveProbes(t, { readiness })
    t.equal((await ask(served, '/readyz')).status, status)
    t.equal((await ask(served, '/livez')).status, 200)
  })
}

t.test("readiness is 503 after a second when the app's own check hangs", async (t) => {
  const served = await serveProbes(t, { readiness: () => never })
  const since = performance.now()
  t.equal((await ask(served, '/readyz')).status, 503)
  const tookMs = performance.now() - since
  t.ok(tookMs > 900 && tookMs < 2_500, `took ${tookMs} ms`)
})

t.test(
  'a check that was asked before the shutdown and says yes after it began is not believed',
  async (t) => {
    let sayYes = (_answer: boolean): void => {}
    let wasAsked = (): void => {}
    const asked = new Promise<void>((resolve) => (wasAsked = resolve))
    const served = await serveProbes(t, {
      readiness: () => {
        wasAsked()
        return new Promise((resolve) => (sayYes = resolve))
      },
    })
    const answer = ask(served, '/readyz')
    await asked
    void served.shutdown.begin('the test')
    sayYes(true)
    t.equal((await answer).status, 503)
  },
)

t.test('readiness is 503 as soon as begin() has returned', async (t) => {
  const served = await serveProbes(t, { lameDuck: { minMs: 100, quietMs: 50 } })
  const client = await served.connect()
  client.send('/readyz')
  t.equal((await client.next()).status, 200)
  void served.shutdown.begin('the test')
  client.send('/readyz')
  t.match(await client.next(), { status: 503, body: '{"status":"unavailable","phase":"lame-duck"}' })
  client.send('/livez')
  t.match(await client.next(), { status: 200, body: '{"status":"ok","phase":"lame-duck"}' })
})

t.test('readiness is 503 the instant SIGTERM is handled, and everything is still served', async (t) => {
  const app = await startApp(t, { options: { gracePeriodMs: 5_000, lameDuck: { minMs: 200, quietMs: 50 } } })
  const client = await app.connect()
  client.send('/readyz')
  t.equal((await client.next()).status, 200)
  app.signal('SIGTERM')
  await app.line('lame-duck')
  client.send('/readyz')
  t.match(await client.next(), { status: 503 })
  client.send('/')
  t.match(await client.next(), { status: 200, body: 'hello' })
  t.equal((await app.ended).code, 0)
})

t.test('liveness is 200 for as long as it can be asked: on an open connection in draining', async (t) => {
  const app = await startApp(t, { options: { lameDuck: false, lastCall: false } })
  const [busy, probed, other] = [await app.connect(), await app.connect(), await app.connect()]
  busy.send('/wait')
  await app.line('handling /wait')
  // half a request: these connections are not idle, so they stay open
  probed.socket.write('GET /livez HTT')
  other.socket.write('GET /readyz HTT')
  app.signal('SIGTERM')
  await app.line('draining')
  probed.socket.write('P/1.1\r\nHost: localhost\r\n\r\n')
  other.socket.write('P/1.1\r\nHost: localhost\r\n\r\n')
  t.match(await probed.next(), { status: 200, headers: { connection: 'close' } })
  t.match(await other.next(), { status: 503, headers: { connection: 'close' } })
  app.signal('SIGUSR2')
  t.match(await busy.next(), { status: 200, body: 'waited' })
  t.equal((await app.ended).code, 0)
  t.equal((await app.report()).refused, 0, 'a probe is not a refused request')
})
