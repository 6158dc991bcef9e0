import { createSecureServer, createServer } from 'node:http2'
import { createCertificate } from '@lastcall/testing'
import t from 'tap'
import { ask, serveSessions, streamsInHand } from './serve-sessions.js'

t.jobs = 2

const tls = createCertificate()
const closed = (server: { close(callback: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()))

t.test("in normal service the app's own server.close() does what Node's does", async (t) => {
  const hand = streamsInHand()
  const plain = createServer(hand.request)
  const served = await serveSessions(t, { request: hand.request })
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  plain.close()
  const client = await served.connect()
  const { answer } = ask(client, '/')
  const res = await hand.nextResponse()
  const over = closed(served.server)
  t.equal(served.server.listening, false)
  res.end('done')
  t.match(await answer, { status: 200, body: 'done' })
  // on Node 20 and 22 sessions stay
  client.close()
  await over
  t.equal(served.shutdown.phase, 'running')
})

t.test('a shutdown after server.close() still drains what is open', async (t) => {
  const hand = streamsInHand()
  const served = await serveSessions(t, {
    options: { lameDuck: false, lastCall: { maxMs: 500, idleMs: 100 } },
    request: hand.request,
  })
  const [client] = [await served.connect(), await served.connect()]
  const { answer } = ask(client, '/')
  const res = await hand.nextResponse()
  const over = closed(served.server)
  const report = served.shutdown.begin('the test')
  await served.phase('last-call')
  res.end('done')
  t.match(await answer, { status: 200, body: 'done', code: 0 })
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
  await over
})

for (const [what, create] of [
  ['h2c', () => createServer()],
  ['TLS', () => createSecureServer(tls)],
] as const) {
  t.test(`server.close() in the middle of a shutdown changes nothing, over ${what}`, async (t) => {
    for (const phase of ['lame-duck', 'last-call', 'draining'] as const) {
      const hand = streamsInHand()
      const served = await serveSessions(t, {
        server: create(),
        options: { lameDuck: { minMs: 200, quietMs: 50 }, lastCall: { maxMs: 600, idleMs: 300 } },
        // told in last call
        drain: { random: () => 1 },
        request: hand.request,
      })
      const [busy, late] = [await served.connect(), await served.connect()]
      const { answer } = ask(busy, '/')
      const res = await hand.nextResponse()
      const over = new Promise<void>((resolve) => {
        served.shutdown.subscribe((current) => {
          if (current === phase) served.server.close(() => resolve())
        })
      })
      const report = served.shutdown.begin('the test')
      if (phase === 'lame-duck') {
        const served200 = ask(late, '/')
        ;(await hand.nextResponse()).end('served')
        t.match(await served200.answer, { status: 200, body: 'served', code: 0 }, 'nobody is told at once')
      }
      await served.phase('draining')
      res.end('done')
      t.match(await answer, { status: 200, body: 'done', code: 0 }, `called in ${phase}`)
      t.match(await report, { verdict: 'clean', connections: { told: 2 } })
      await over
    }
  })
}

t.test('what undoes it leaves the server as it was', async (t) => {
  for (const create of [() => createServer(), () => createSecureServer(tls)]) {
    const server = create()
    const state = (): object => ({
      listeners: Object.fromEntries(
        server.eventNames().map((event) => [String(event), server.listenerCount(event)]),
      ),
      keys: Object.keys(server).filter((key) => !key.startsWith('_')),
    })
    const handler = (): void => {}
    server.on('request', handler)
    const before = state()
    const served = await serveSessions(t, { server, request: handler })
    const client = await served.connect()
    await served.close()
    t.ok(client.closed)
    served.undo()
    server.removeAllListeners('request').on('request', handler)
    server.removeAllListeners('session')
    t.strictSame(state(), before)
  }
})
