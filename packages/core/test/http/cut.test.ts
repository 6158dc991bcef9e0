import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { startApp } from './app.js'
import { inHand, serve, type ServeOptions } from './serve.js'

t.jobs = 4

// the drain deadline is 1 200 ms after the beginning, releasing has 300
const brief = { gracePeriodMs: 2_000, releaseMs: 300, lameDuck: false, lastCall: false } as const
const briefly: ServeOptions = { options: brief }

t.test(
  'a handler that never answers is answered for at the deadline, named, and the exit code is 1',
  async (t) => {
    const app = await startApp(t, { options: brief })
    const client = await app.connect()
    client.send('/never?token=secret', { body: 'a body' })
    await app.line('handling /never')
    app.signal('SIGTERM')
    t.match(await client.next(), {
      status: 503,
      headers: { connection: 'close', 'retry-after': /^[123]$/ },
      body: /The server is shutting down/,
    })
    t.equal(await client.over, 'FIN')
    const report = await app.report()
    t.match(report, { verdict: 'forced', exitCode: 1, refused: 0 })
    t.match(report.cut, { count: 1, items: [{ method: 'POST', path: '/never', answered: true }] })
    const [cut] = report.cut.items
    t.ok(cut && cut.ageMs >= 1_200 && cut.ageMs < 2_000, `${cut?.ageMs} ms old`)
    t.match(report.phases[2], { phase: 'draining', ended: 'its deadline' })
    t.equal((await app.ended).code, 1)
  },
)

t.test('a response that was half sent is cut, and named', async (t) => {
  const app = await startApp(t, { options: brief })
  const client = await app.connect()
  client.send('/half')
  await app.line('handling /half')
  app.signal('SIGTERM')
  await t.rejects(client.next(), /after \d+ bytes of a response/)
  t.match(client.text, /half $/)
  const report = await app.report()
  t.match(report.cut, { count: 1, items: [{ method: 'GET', path: '/half', answered: false }] })
  t.equal((await app.ended).code, 1)
})

t.test('a handler that goes on writing after it was answered for crashes nothing', async (t) => {
  const app = await startApp(t, { options: brief })
  const client = await app.connect()
  client.send('/late')
  await app.line('handling /late')
  app.signal('SIGTERM')
  const answer = await client.next()
  t.equal(answer.status, 503)
  t.notOk('x-late' in answer.headers)
  const { code, lines } = await app.ended
  t.ok(lines.includes('the late handler is done'), 'its callback is called')
  t.equal(code, 1)
  t.match(await app.report(), { verdict: 'forced', crashes: 0 })
})

t.test('a stream that is piped into a response that was answered for flows on', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, briefly)
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  const report = served.close()
  t.equal((await client.next()).status, 503)
  const stream = Readable.from(['one ', 'two ', 'three'])
  stream.pipe(res)
  await new Promise((resolve) => stream.once('end', resolve))
  t.equal(res.setHeader('X-Late', '1'), res)
  t.equal(res.write('late'), true)
  t.equal(res.writeHead(200), res)
  t.equal(res.end(), res)
  t.equal((await report).verdict, 'forced')
})

t.test('what a handler has set before does not spoil the 503', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, briefly)
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  res.setHeader('Content-Encoding', 'gzip')
  res.setHeader('Content-Range', 'bytes 0-1/2')
  res.setHeader('Transfer-Encoding', 'chunked')
  res.setHeader('ETag', '"1"')
  res.setHeader('Access-Control-Allow-Origin', '*')
  res.statusCode = 206
  const report = served.close()
  const { status, headers, body } = await client.next()
  t.equal(status, 503)
  t.match(JSON.parse(body), { statusCode: 503 })
  t.strictSame(
    Object.keys(headers).filter((name) => name !== 'date'),
    ['access-control-allow-origin', 'connection', 'retry-after', 'content-type', 'content-length'],
  )
  await report
})

t.test('two requests in a row that nobody answers: the newest is named, both are counted', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, briefly)
  const client = await served.connect()
  client.send('/one')
  client.send('/two')
  await next()
  const { res } = await next()
  const report = served.close()
  await t.rejects(client.next())
  const { cut, verdict } = await report
  t.match(cut, { count: 2, items: [{ path: '/two', answered: false, pipelined: 1 }] })
  t.equal(verdict, 'forced')
  res.end('too late')
})

t.test('the path in the report has no query, and at most 200 characters', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, briefly)
  const clients = [await served.connect(), await served.connect()]
  clients[0]?.send('/login?password=1')
  clients[1]?.send(`/${'x'.repeat(500)}`)
  await next()
  await next()
  const { cut } = await served.close()
  t.strictSame(new Set(cut.items.map(({ path }) => path)), new Set(['/login', `/${'x'.repeat(199)}`]))
})

t.test(
  'an upload that is still coming in at the deadline is cut and named, though it was answered',
  async (t) => {
    const { handler, next } = inHand()
    const served = await serve(t, handler, briefly)
    const client = await served.connect({ allowHalfOpen: true })
    client.send('/upload', { method: 'POST', headers: ['Content-Length: 1000000000'] })
    const { res } = await next()
    const report = served.close()
    await served.phase('draining')
    res.end('thanks')
    t.match(await client.next(), { body: 'thanks' })
    const write = (): void => void (client.socket.destroyed || client.socket.write('x'.repeat(1_000), write))
    write()
    t.match((await report).cut, { count: 1, items: [{ path: '/upload', answered: true }] })
  },
)

t.test('a handler that reads a body learns that the rest of it will not come', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, briefly)
  const client = await served.connect()
  client.send('/upload', { method: 'POST', headers: ['Content-Length: 10'] })
  client.socket.write('half')
  const { req } = await next()
  const lost = t.rejects(text(req), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
  const report = served.close()
  t.equal((await client.next()).status, 503)
  await lost
  t.match((await report).cut, { items: [{ path: '/upload', answered: true }] })
})

for (const graceMs of [10_000, 5_000, 1_600]) {
  t.test(`with a grace period of ${graceMs} ms everything ends before it, whatever hangs`, async (t) => {
    const app = await startApp(t, { options: { gracePeriodMs: graceMs, platform: 'kubernetes' } })
    const [never, half, silent, slowHead] = await Promise.all([0, 1, 2, 3].map(() => app.connect()))
    never?.send('/never')
    half?.send('/half')
    slowHead?.socket.write('GET / HT')
    await app.line('handling /never')
    await app.line('handling /half')
    app.signal('SIGTERM')
    t.equal((await never?.next())?.status, 503)
    await Promise.all([half?.gone, silent?.gone, slowHead?.gone])
    const { code, tookMs } = await app.ended
    t.equal(code, 1)
    t.ok(tookMs < graceMs, `took ${tookMs} ms`)
    const report = await app.report()
    t.match(report, { verdict: 'forced', budget: { graceMs }, cut: { count: 2 } })
    t.strictSame(
      report.phases.map(({ phase, skipped }) => `${phase} ${skipped ? 'skipped' : 'took place'}`),
      ['lame-duck took place', 'last-call took place', 'draining took place', 'releasing took place'],
    )
  })
}
