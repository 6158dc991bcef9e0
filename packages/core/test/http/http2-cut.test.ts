import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { endStream } from '@lastcall/testing'
import t from 'tap'
import { startApp } from './app.js'
import {
  ask,
  connectSession,
  serveSessions,
  streamsInHand,
  type ServeSessionsOptions,
} from './serve-sessions.js'

t.jobs = 4

// the drain deadline is 1 200 ms after the beginning, releasing has 300
const brief = { gracePeriodMs: 2_000, releaseMs: 300, lameDuck: false, lastCall: false } as const
const briefly: ServeSessionsOptions = { options: brief }

t.test(
  'at the deadline streams without an answer get a 503, others are reset, and each is named',
  async (t) => {
    const app = await startApp(t, { options: brief, http2: true })
    const client = await connectSession(app.port)
    const [never, half, other] = [
      ask(client, '/never?token=secret', { method: 'POST', body: 'a body' }),
      ask(client, '/half'),
      ask(client, '/never'),
    ]
    for (const path of ['/never?', '/half', '/never']) await app.line(`handling ${path}`)
    app.signal('SIGTERM')
    t.match(await never.answer, {
      status: 503,
      headers: { 'retry-after': /^[123]$/ },
      body: /The server is shutting down/,
      code: 0,
    })
    t.match(await half.answer, { status: 200, body: 'half ', code: 2 })
    t.match(await other.answer, { status: 503, code: 0 })
    const report = await app.report()
    t.match(report, { verdict: 'forced', exitCode: 1, refused: 0, crashes: 0 })
    t.strictSame(
      report.cut.items.map(({ method, path, answered }) => `${method} ${path} ${answered}`).sort(),
      ['GET /half false', 'GET /never true', 'POST /never true'],
    )
    t.ok(report.cut.items.every(({ ageMs }) => ageMs >= 1_200 && ageMs < 2_000))
    t.equal((await app.ended).code, 1)
  },
)

t.test('a handler that goes on writing after it was answered for crashes nothing', async (t) => {
  const app = await startApp(t, { options: brief, http2: true })
  const client = await connectSession(app.port)
  const { answer } = ask(client, '/late')
  await app.line('handling /late')
  app.signal('SIGTERM')
  const { status, headers } = await answer
  t.equal(status, 503)
  t.notOk('x-late' in headers)
  t.equal((await app.ended).code, 1)
  t.match(await app.report(), { verdict: 'forced', crashes: 0 })
})

t.test('whatever a handler does with a response that was answered for is swallowed', async (t) => {
  const hand = streamsInHand()
  const served = await serveSessions(t, { ...briefly, request: hand.request })
  const client = await served.connect()
  const { answer } = ask(client, '/')
  const res = await hand.nextResponse()
  const report = served.close()
  t.equal((await answer).status, 503)
  res.setHeader('X-Late', '1')
  res.removeHeader('X-Late')
  res.appendHeader('X-Late', '2')
  res.statusCode = 201
  res.writeHead(200, { 'X-Late': '3' })
  res.write('late')
  res.addTrailers({ 'X-Late': '4' })
  res.createPushResponse({ ':path': '/pushed' }, () => {})
  res.end('late')
  t.equal((await report).verdict, 'forced')
})

t.test('and so is whatever one does with a stream, at once and later', async (t) => {
  const hand = streamsInHand()
  const served = await serveSessions(t, { ...briefly, stream: hand.stream })
  const client = await served.connect()
  const [waiting, begun] = [ask(client, '/waiting'), ask(client, '/begun')]
  const [first, second] = [await hand.nextStream(), await hand.nextStream()]
  second.respond({ ':status': 200 })
  second.write('half')
  const report = served.close()
  const abuse = (): void => {
    for (const stream of [first, second]) {
      stream.additionalHeaders({ ':status': 103 })
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.respondWithFile('/dev/null')
      stream.pushStream({ ':path': '/pushed' }, () => {})
      stream.write('late')
      stream.sendTrailers({ 'x-late': '1' })
      Readable.from(['one', 'two']).pipe(stream)
      stream.end('late')
    }
  }
  first.once('finish', abuse)
  const [answered, cut] = await Promise.all([waiting.answer, begun.answer])
  abuse()
  t.match(answered, { status: 503, body: /shutting down/, code: 0 })
  t.match(cut, { status: 200, body: 'half', code: 2 })
  t.match(await report, { verdict: 'forced', cut: { count: 2 } })
  abuse()
})

t.test('an upload that nobody reads is answered for too', async (t) => {
  const hand = streamsInHand()
  const served = await serveSessions(t, { ...briefly, request: hand.request })
  const client = await served.connect()
  const stream = client.request({ ':path': '/upload', ':method': 'POST' })
  stream.on('error', () => {})
  stream.write(Buffer.alloc(1024 * 1024))
  const status = new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])))
  await hand.nextResponse()
  const report = served.close()
  t.equal(await status, 503)
  t.match(await report, { cut: { count: 1, items: [{ method: 'POST', path: '/upload', answered: true }] } })
})

for (const api of ['request', 'stream'] as const) {
  for (const code of [undefined, 0, 8]) {
    const client = code === undefined ? 'stays' : `leaves with code ${code}`
    t.test(`'${api}': an upload that is cut does not look whole, the client ${client}`, async (t) => {
      const hand = streamsInHand()
      const served = await serveSessions(t, { ...briefly, [api]: hand[api] })
      const frames = await served.frames()
      const upload = frames.ask('/upload', { method: 'POST', open: true })
      const body = api === 'request' ? (await hand.nextResponse()).req : await hand.nextStream()
      const lost = t.rejects(text(body), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
      const report = served.close()
      t.match(await frames.next('DATA', { flags: endStream }), { stream: upload })
      if (code !== undefined) frames.reset(upload, code)
      await lost
      t.match((await report).cut, { items: [{ path: '/upload', answered: true }] })
    })
  }
}

t.test('a session that never reads does not outlive the deadline', async (t) => {
  const app = await startApp(t, { options: brief, http2: true })
  const client = await app.frames()
  client.ask('/big')
  await app.line('handling /big')
  client.socket.pause()
  app.signal('SIGTERM')
  const { code, tookMs } = await app.ended
  t.equal(code, 1)
  t.ok(tookMs < 2_000, `took ${tookMs} ms`)
  t.match((await app.report()).cut, { count: 1, items: [{ path: '/big', answered: false }] })
})
