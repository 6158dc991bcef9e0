import { createSecureServer, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createShutdown } from '@lastcall/core'
import { drainServer } from '@lastcall/core/http'
import { createCertificate, type FrameClient } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { connectRaw } from './raw-client.js'
import {
  ask,
  connectSession,
  serveSessions,
  streamsInHand,
  type ServeSessionsOptions,
} from './serve-sessions.js'

t.jobs = 4

const tls = createCertificate()
const options = { gracePeriodMs: 30_000 } as const

/** Draining, held up by a stream in hand, with a client that has not answered the ping yet. */
async function drainingSession(t: Test, api: 'request' | 'stream') {
  const hand = streamsInHand()
  const served = await serveSessions(t, { options, [api]: hand[api] })
  const client = await served.frames({ acknowledges: false })
  client.ask('/busy')
  const busy = api === 'request' ? await hand.nextResponse() : await hand.nextStream()
  const report = served.close()
  await client.next('PING')
  return { served, client, busy, report, hand }
}

/** Headers and, if it has one, the body of an answer, by the size of its frames. */
const answerTo = async (client: FrameClient, id: number): Promise<string[]> => {
  const frames = (): readonly string[] =>
    client.frames.filter(({ stream }) => stream === id).map(({ type }) => type)
  for (let last = await client.next('HEADERS', { stream: id }); (last.flags & 1) === 0;)
    last = await client.next('DATA', { stream: id })
  return [...frames()]
}

for (const api of ['request', 'stream'] as const) {
  t.test(`a stream between the two GOAWAYs is answered, and no listener of '${api}' sees it`, async (t) => {
    const { client, busy, report, hand, served } = await drainingSession(t, api)
    for (const id of [client.ask('/late'), client.ask('/late', { method: 'POST', open: true })]) {
      t.match(await answerTo(client, id), ['HEADERS', 'DATA'])
    }
    client.acknowledge()
    busy.end('done')
    await client.next('DATA', { stream: 1 })
    t.equal(await client.over, 'FIN')
    t.equal(hand.count, 1)
    t.match(await report, { verdict: 'clean', refused: 2, cut: { count: 0 }, connections: { told: 1 } })
    t.strictSame(served.warnings, [])
  })

  t.test(`what such an answer says, for listeners of '${api}'`, async (t) => {
    const hand = streamsInHand()
    // the server is draining, and this session too young to have been told to go
    const served = await serveSessions(t, { options, [api]: hand[api], drain: { random: () => 0 } })
    const [busy, late] = [await served.connect(), await served.connect()]
    void ask(busy, '/busy').answer
    const held = api === 'request' ? await hand.nextResponse() : await hand.nextStream()
    const report = served.close()
    const answers = [
      ask(late, '/late'),
      ask(late, '/late', { method: 'POST', body: 'a body that nobody reads' }),
      ask(late, '/late', { method: 'HEAD' }),
      ask(late, '/livez'),
      ask(late, '/readyz'),
    ].map(({ answer }) => answer)
    const [get, post, head, live, ready] = await Promise.all(answers)
    t.match(get, {
      status: 503,
      headers: { 'retry-after': '1', 'content-type': 'application/json' },
      code: 0,
    })
    t.match(JSON.parse(get?.body ?? ''), { statusCode: 503, message: 'The server is shutting down' })
    t.equal(get?.headers['connection'], undefined)
    t.match(post, { status: 503, code: 0 })
    t.match(head, { status: 503, body: '', code: 0 })
    t.match(live, { status: 200, body: /"phase":"draining"/ })
    t.match(ready, { status: 503, body: /unavailable/ })
    if ('respond' in held) held.respond()
    held.end()
    t.match(await report, { verdict: 'clean', refused: 3 })
    t.equal(hand.count, 1)
    t.strictSame(served.warnings, [])
  })
}

for (const [what, server] of [
  ['h2c', () => undefined],
  ['TLS', () => createSecureServer(tls)],
] as const) {
  const given = (): ServeSessionsOptions => {
    const created = server()
    return { options, ...(created ? { server: created } : {}) }
  }

  t.test(`a direct close takes no longer than the work in flight, over ${what}`, async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { ...given(), request: hand.request })
    const [idle, busy] = [await served.connect(), await served.connect()]
    const gone = new Promise((resolve) => idle.once('close', resolve))
    const { answer } = ask(busy, '/')
    const res = await hand.nextResponse()
    const report = served.close()
    await gone
    t.equal(served.shutdown.phase, 'draining')
    const since = performance.now()
    res.end('done')
    t.match(await answer, { status: 200, body: 'done', code: 0 })
    t.match(await report, { verdict: 'clean', connections: { told: 2, ended: 0, left: 0 } })
    const tookMs = performance.now() - since
    // every constant is longer: a second for the ping, two to linger
    t.ok(tookMs < 450, `took ${tookMs} ms`)
  })

  t.test(
    `an idle client that keeps its side open is waited for no longer than a ping, over ${what}`,
    async (t) => {
      const served = await serveSessions(t, given())
      for (const acknowledges of [true, false]) await served.frames({ acknowledges, stays: true })
      const { verdict, tookMs } = await served.close()
      t.equal(verdict, 'clean')
      t.ok(tookMs < 1_900, `took ${tookMs} ms`)
    },
  )

  t.test(`one that got an answer has two seconds more, over ${what}`, async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { ...given(), request: hand.request })
    const client = await served.frames({ stays: true })
    client.ask('/')
    const res = await hand.nextResponse()
    const report = served.close()
    res.end('done')
    await client.over
    const { verdict, tookMs } = await report
    t.equal(verdict, 'clean')
    t.ok(tookMs > 1_900 && tookMs < 7_000, `took ${tookMs} ms`)
  })

  t.test(`a client that vanishes is waited for no longer, over ${what}`, async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { ...given(), request: hand.request })
    const client = await served.frames()
    client.ask('/')
    const res = await hand.nextResponse()
    // without an answer its handler would be waited for
    res.write('half ')
    const report = served.close()
    await served.phase('draining')
    client.socket.destroy()
    const { verdict, tookMs } = await report
    t.equal(verdict, 'clean')
    t.ok(tookMs < 5_000, `took ${tookMs} ms`)
  })
}

t.test('a TLS handshake that never ends is bounded', async (t) => {
  const served = await serveSessions(t, { options, server: createSecureServer(tls) })
  const client = await connectRaw(served.port)
  t.teardown(() => client.socket.destroy())
  const { verdict, tookMs } = await served.close()
  t.equal(verdict, 'clean')
  t.ok(tookMs < 3_000, `took ${tookMs} ms`)
})

t.test('a WebSocket over HTTP/2 is a stream like any other', async (t) => {
  const hand = streamsInHand()
  const server = createServer({ settings: { enableConnectProtocol: true } })
  const served = await serveSessions(t, { options, server, stream: hand.stream })
  const client = await served.connect()
  const socket = client.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat' })
  const stream = await hand.nextStream()
  stream.respond({ ':status': 200 })
  stream.pipe(stream)
  const report = served.close()
  await new Promise((resolve) => client.once('goaway', resolve))
  socket.write('hello')
  t.equal(String(await new Promise((resolve) => socket.once('data', resolve))), 'hello')
  t.equal(served.shutdown.phase, 'draining')
  socket.end()
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('a session that was there before the server was drained is told with its next stream', async (t) => {
  const server = createServer((_req, res) => void res.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = await connectSession((server.address() as AddressInfo).port)
  t.teardown(() => client.destroy())
  const shutdown = createShutdown({ signals: false, crashes: false, lameDuck: false })
  drainServer(server, shutdown)
  t.match(await ask(client, '/').answer, { status: 200 })
  const told = new Promise((resolve) => client.once('goaway', resolve))
  const report = shutdown.begin('the test')
  await told
  t.match(await report, { verdict: 'clean', connections: { told: 1 } })
})

t.test(
  'who comes while the accept queue is emptied is told too, after the SETTINGS that begin a session',
  async (t) => {
    const served = await serveSessions(t, { options })
    const draining = new Promise<FrameClient>((resolve, reject) => {
      served.shutdown.subscribe((phase) => {
        if (phase === 'draining') served.frames().then(resolve, reject)
      })
    })
    const report = served.close()
    const client = await draining
    t.equal(await client.over, 'FIN')
    t.strictSame(
      client.frames
        .filter(({ flags }) => flags === 0)
        .map(({ type }) => type)
        .slice(0, 4),
      ['SETTINGS', 'GOAWAY', 'PING', 'GOAWAY'],
    )
    t.match(await report, { verdict: 'clean', connections: { told: 1 } })
  },
)
