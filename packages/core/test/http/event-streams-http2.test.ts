import { once } from 'node:events'
import {
  connect,
  createSecureServer,
  createServer,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createGzip, gunzipSync } from 'node:zlib'
import { endEventStream } from '@lastcall/core/http'
import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import {
  ask,
  serveSessions,
  streamsInHand,
  type Answer,
  type ServeSessionsOptions,
} from './serve-sessions.js'

t.jobs = 2

const tls = createCertificate()
const noLameDuck = { lameDuck: false } as const
const atOnce = { lameDuck: false, lastCall: false } as const
const eventStream = { 'content-type': 'text/event-stream' } as const
const events = /^(: hello\n\n)?(data: \d+\n\n)*$/

/** Of either API. */
interface Writer {
  write(chunk: string): unknown
  end(chunk: string): unknown
  once(event: 'close', listener: () => void): unknown
}

function begin(writer: Writer): void {
  if ('respond' in writer) (writer as ServerHttp2Stream).respond({ ':status': 200, ...eventStream })
  else (writer as Http2ServerResponse).writeHead(200, eventStream)
}

/** Writes an event every few ms for as long as the stream is open, and does not look whether it has ended. */
function tick(to: Writer): void {
  let count = 0
  const timer = setInterval(() => to.write(`data: ${(count += 1)}\n\n`), 2)
  to.once('close', () => clearInterval(timer))
}

const byResponse: ServeSessionsOptions = {
  request(_req, res) {
    res.writeHead(200, eventStream)
    tick(res)
  },
}

const handlers: Record<string, ServeSessionsOptions> = {
  'by the compatibility API': byResponse,
  'by setHeader and the first write': {
    request(_req, res) {
      res.setHeader('Content-Type', 'text/event-stream')
      res.write(': hello\n\n')
      tick(res)
    },
  },
  'to the stream': {
    stream(stream) {
      stream.respond({ ':status': 200, 'Content-Type': 'text/event-stream; charset=utf-8' })
      tick(stream)
    },
  },
  'to the stream, with trailers': {
    stream(stream) {
      stream.respond({ ':status': 200, ...eventStream }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-count': '1' }))
      tick(stream)
    },
  },
  // whose owner knows nothing of the responses that Node makes for its neighbour
  'to the stream, beside a listener of requests': {
    request() {},
    stream(stream) {
      stream.respond({ ':status': 200, ...eventStream })
      tick(stream)
    },
  },
}

const servers: Record<string, () => ServeSessionsOptions> = {
  h2c: () => ({}),
  TLS: () => ({ server: createSecureServer(tls) }),
}

/** Asks for a stream; settles when it has begun. */
async function open(
  served: Awaited<ReturnType<typeof serveSessions>>,
  path = '/',
): Promise<{ answer: Promise<Answer> }> {
  const asked = ask(await served.connect(), path)
  await once(asked.stream, 'response')
  return asked
}

for (const [protocol, server] of Object.entries(servers)) {
  for (const [how, handler] of Object.entries(handlers)) {
    t.test(`a stream written ${how} is ended in last call, whole, over ${protocol}`, async (t) => {
      const served = await serveSessions(t, { options: noLameDuck, ...handler, ...server() })
      const { answer } = await open(served)
      const report = served.shutdown.begin('the test')
      const { body, code } = await answer
      t.match(body, events)
      t.equal(code, 0)
      t.match(await report, { verdict: 'clean', cut: { count: 0 }, connections: { told: 1 } })
    })

    t.test(`without a last call one written ${how} is ended at once, over ${protocol}`, async (t) => {
      const served = await serveSessions(t, { options: atOnce, ...handler, ...server() })
      const { answer } = await open(served)
      const since = performance.now()
      const report = served.close()
      t.match((await answer).body, events)
      t.match(await report, { verdict: 'clean', cut: { count: 0 } })
      const tookMs = performance.now() - since
      t.ok(tookMs < 2_000, `took ${tookMs} ms`)
    })
  }
}

t.test('control: an answer that never ends and is no event stream is cut at the deadline', async (t) => {
  const served = await serveSessions(t, {
    options: { ...atOnce, gracePeriodMs: 1_000 },
    stream(stream) {
      stream.respond({ ':status': 200, 'content-type': 'text/plain' })
      tick(stream)
    },
  })
  const { answer } = await open(served)
  const report = served.close()
  t.equal((await answer).code, 2)
  t.match(await report, { verdict: 'forced', cut: { count: 1, items: [{ path: '/', answered: false }] } })
})

for (const api of ['request', 'stream'] as const) {
  t.test(`the answer to a POST finishes, whatever it is called, for listeners of '${api}'`, async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { options: noLameDuck, [api]: hand[api] })
    const { answer } = ask(await served.connect(), '/', { method: 'POST', body: 'prompt' })
    const writer: Writer = api === 'request' ? await hand.nextResponse() : await hand.nextStream()
    begin(writer)
    writer.write('data: half\n\n')
    const report = served.shutdown.begin('the test')
    await served.phase('draining')
    writer.end('data: [DONE]\n\n')
    t.match(await answer, { body: 'data: half\n\ndata: [DONE]\n\n', code: 0 })
    t.match(await report, { verdict: 'clean' })
  })

  t.test(`one whose headers come in draining is ended, for listeners of '${api}'`, async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { options: atOnce, [api]: hand[api] })
    const { answer } = ask(await served.connect(), '/')
    const writer: Writer = api === 'request' ? await hand.nextResponse() : await hand.nextStream()
    const report = served.close()
    await served.phase('draining')
    begin(writer)
    writer.write('data: hello\n\n')
    t.match(await answer, { status: 200, body: 'data: hello\n\n', code: 0 })
    t.match(await report, { verdict: 'clean', cut: { count: 0 } })
  })
}

t.test('under a compression middleware the stream is ended whole, and can be decoded', async (t) => {
  const served = await serveSessions(t, {
    options: noLameDuck,
    request(_req, res) {
      const gzip = createGzip()
      const { write, end } = { write: res.write.bind(res), end: res.end.bind(res) }
      gzip.on('data', (chunk: Buffer) => void write(chunk)).on('end', () => void end())
      Object.assign(res, { write: (chunk: string) => gzip.write(chunk), end: () => void gzip.end() })
      res.writeHead(200, { ...eventStream, 'content-encoding': 'gzip' })
      tick(res)
    },
  })
  const client = await served.connect()
  const stream = client.request({ ':path': '/' })
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
  await once(stream, 'data')
  const report = served.shutdown.begin('the test')
  await once(stream, 'close')
  t.match(String(gunzipSync(Buffer.concat(chunks))), events)
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('a hundred streams of one session end at moments of their own', async (t) => {
  let count = 0
  const served = await serveSessions(t, {
    ...byResponse,
    options: { ...noLameDuck, gracePeriodMs: 30_000 },
    drain: { random: () => ((count += 1) % 100) / 100 },
  })
  const client = await served.connect()
  const since = performance.now()
  const asked = Array.from({ length: 100 }, () => ask(client, '/'))
  await Promise.all(asked.map(({ stream }) => once(stream, 'response')))
  const report = served.shutdown.begin('the test')
  const at = await Promise.all(asked.map(({ answer }) => answer.then(() => performance.now() - since)))
  const spanMs = Math.max(...at) - Math.min(...at)
  // 100 streams, 10 ms each
  t.ok(spanMs > 500, `within ${spanMs} ms`)
  t.match(await report, { verdict: 'clean' })
})

t.test('a session that was told in lame duck keeps its stream until last call', async (t) => {
  const served = await serveSessions(t, {
    ...byResponse,
    options: {
      lameDuck: { minMs: 1_200, quietMs: 100, maxMs: 2_000 },
      lastCall: { maxMs: 600, idleMs: 100 },
    },
    drain: { random: () => 0 },
  })
  const client = await served.connect()
  const { stream, answer } = ask(client, '/')
  await once(stream, 'response')
  const told = once(client, 'goaway')
  const report = served.shutdown.begin('the test')
  await told
  t.equal(served.shutdown.phase, 'lame-duck')
  t.match(await answer, { body: events, code: 0 })
  t.not(served.shutdown.phase, 'lame-duck')
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('one whose client reads slowly gets all of a large event', async (t) => {
  const served = await serveSessions(t, {
    options: { ...atOnce, gracePeriodMs: 30_000 },
    request(_req, res) {
      res.writeHead(200, eventStream)
      res.write(`data: ${'x'.repeat(500_000)}\n\n`)
    },
  })
  const client = await served.connect()
  const stream = client.request({ ':path': '/' })
  const report = once(stream, 'response').then(() => served.close())
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    // 3 s in all, longer than the patience with one who reads nothing
    stream.pause()
    setTimeout(() => stream.resume(), 100)
  })
  await once(stream, 'close')
  t.equal(length, 500_008)
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('one whose client reads nothing any more is cut, which is no failure', async (t) => {
  const served = await serveSessions(t, {
    options: { ...atOnce, gracePeriodMs: 30_000 },
    request(_req, res) {
      res.writeHead(200, eventStream)
      // more than the client takes without being asked
      res.write(`data: ${'x'.repeat(1_000_000)}\n\n`)
    },
  })
  const client = await served.connect()
  const stream = client.request({ ':path': '/' })
  stream.on('error', () => {})
  await once(stream, 'response')
  stream.pause()
  const report = await served.close()
  t.match(report, { verdict: 'clean', cut: { count: 0 } })
  t.ok(report.tookMs < 10_000, `took ${report.tookMs} ms`)
})

/** A stream that its owner ends: the response, and what its client receives until its end. */
async function owned(t: Test): Promise<{ res: Http2ServerResponse; body: Promise<string> }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.teardown(() => {
    client.destroy()
    server.close()
  })
  const requested = once(server, 'request')
  const stream = client.request({ ':path': '/' })
  const [, res] = (await requested) as [unknown, Http2ServerResponse]
  res.writeHead(200, eventStream)
  res.write('data: 1\n\n')
  await once(stream, 'response')
  return { res, body: text(stream) }
}

t.test('the owner of a stream of HTTP/2 ends it the same way', async (t) => {
  const { res, body } = await owned(t)
  endEventStream(res, { random: () => 0 })
  endEventStream(res, { random: () => 0 })
  res.write('data: 2\n\n')
  t.equal(await body, 'data: 1\n\nretry: 1000\n\n')
})

t.test('a stream of HTTP/2 whose client has gone is left alone', async (t) => {
  const { res, body } = await owned(t)
  body.catch(() => {})
  const closed = once(res, 'close')
  res.stream.destroy()
  await closed
  res.write = () => t.fail('written to')
  t.doesNotThrow(() => endEventStream(res))
})
