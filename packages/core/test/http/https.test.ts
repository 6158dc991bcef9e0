import { createServer } from 'node:https'
import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp, type App } from './app.js'
import { connectRaw, type RawClient } from './raw-client.js'
import { inHand, serve, type Served, type ServeOptions } from './serve.js'

t.jobs = 2

const tls = createCertificate()

const serveSecurely = (
  t: Test,
  listener: Parameters<typeof serve>[1],
  given: ServeOptions,
): Promise<Served> => serve(t, listener, { server: createServer(tls), ...given })

const quickly: ServeOptions = {
  options: { lameDuck: false, lastCall: { maxMs: 3_000, idleMs: 500 } },
  drain: { random: () => 0 },
}

t.test('in last call a request is served and told, and an idle connection ends with a FIN', async (t) => {
  const served = await serveSecurely(t, (_req, res) => res.end('hello'), quickly)
  const [client, idle, silent] = await Promise.all([0, 1, 2].map(() => served.connect({ tls: true })))
  client?.send('/')
  t.match(await client?.next(), { headers: { connection: 'keep-alive' } })
  idle?.send('/')
  await idle?.next()
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  await t.rejects(connectRaw(served.port, { tls: true }), { code: 'ECONNREFUSED' })
  client?.send('/', { body: 'a body that nobody reads' })
  t.match(await client?.next(), { status: 200, body: 'hello', headers: { connection: 'close' } })
  t.equal(await client?.over, 'FIN')
  t.equal(await idle?.over, 'FIN')
  t.equal(await silent?.over, 'FIN')
  const { connections, phases, verdict } = await report
  t.match(connections, { told: 1, idle: 2, ended: 0 })
  t.match(phases[1], { phase: 'last-call', ended: 'everyone was told' })
  t.equal(verdict, 'clean')
})

t.test('in draining a late request gets a 503, and what is in flight its answer', async (t) => {
  const { handler, next } = inHand()
  const served = await serveSecurely(t, handler, { options: { lameDuck: false, lastCall: false } })
  const [busy, late] = [await served.connect({ tls: true }), await served.connect({ tls: true })]
  late.socket.write('GET / HTTP/1.1\r\n')
  busy.send('/')
  const { res } = await next()
  const report = served.close()
  await served.phase('draining')
  late.socket.write('Host: localhost\r\n\r\n')
  t.match(await late.next(), { status: 503, headers: { connection: 'close', 'retry-after': /^[123]$/ } })
  t.equal(await late.over, 'FIN')
  res.end('done')
  t.match(await busy.next(), { status: 200, body: 'done', headers: { connection: 'close' } })
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('a handler that never answers is answered for at the deadline', async (t) => {
  const options = { gracePeriodMs: 1_500, lameDuck: false, lastCall: false } as const
  const app = await startApp(t, { options, tls })
  const client = await app.connect()
  client.send('/never')
  await app.line('handling /never')
  app.signal('SIGTERM')
  t.match(await client.next(), { status: 503, headers: { connection: 'close' } })
  t.match(await app.report(), {
    verdict: 'forced',
    cut: { count: 1, items: [{ path: '/never', answered: true }] },
  })
  t.equal((await app.ended).code, 1)
})

/** Connects while the process is stopped: handshakes, and requests after them, wait until it goes on. */
async function fillQueue(
  t: Test,
  lastCall: false | { maxMs: number } | undefined,
  count = 50,
): Promise<{ app: App; clients: Promise<RawClient>[] }> {
  const options = {
    gracePeriodMs: 30_000,
    lameDuck: false,
    ...(lastCall === undefined ? {} : { lastCall }),
  } as const
  const app = await startApp(t, lastCall === undefined ? { plain: 'close', tls } : { options, tls })
  app.child.kill('SIGSTOP')
  const clients = Array.from({ length: count }, () => app.connect())
  // the kernel has finished their TCP handshakes when one that comes after them is connected
  const last = await connectRaw(app.port)
  last.socket.destroy()
  app.signal('SIGTERM')
  app.child.kill('SIGCONT')
  return { app, clients }
}

const askEach = (clients: Promise<RawClient>[]): Promise<number[]> =>
  Promise.all(
    clients.map(async (connecting) => {
      try {
        const client = await connecting
        client.send('/')
        return (await client.next()).status
      } catch {
        return 0
      }
    }),
  )

const times = (statuses: number[], status: number): number => statuses.filter((one) => one === status).length

t.test('50 connections in the accept queue finish their TLS handshake and are answered', async (t) => {
  const { app, clients } = await fillQueue(t, { maxMs: 4_000 })
  t.equal(times(await askEach(clients), 200), 50)
  t.match(await app.report(), { verdict: 'clean', refused: 0 })
})

t.test('a TLS handshake in progress is waited for, though nobody else is connected', async (t) => {
  for (const lastCall of [{ maxMs: 4_000 }, false] as const) {
    const { app, clients } = await fillQueue(t, lastCall, 1)
    const [status] = await askEach(clients)
    // whoever was quicker than the app is served in any case
    t.ok(status === 200 || (!lastCall && status === 503), `${status}`)
    t.equal((await app.report()).verdict, 'clean')
  }
})

t.test('with last call turned off none is reset: who is slower than the app gets a 503', async (t) => {
  const { app, clients } = await fillQueue(t, false)
  const statuses = await askEach(clients)
  const refused = times(statuses, 503)
  t.equal(refused + times(statuses, 200), 50)
  t.ok(refused > 0, `${refused} refused`)
  t.match(await app.report(), { verdict: 'clean', refused })
})

t.test('control: server.close() resets nearly all of them', async (t) => {
  const { clients } = await fillQueue(t, undefined)
  const lost = times(await askEach(clients), 0)
  t.ok(lost >= 35, `${lost} of 50 were reset`)
})
