import { once } from 'node:events'
import { get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createGzip, gunzipSync } from 'node:zlib'
import { endEventStream } from '@lastcall/core/http'
import { startProgram } from '@lastcall/testing'
import t from 'tap'
import type { EventStreamSettings } from './fixtures/event-streams.js'
import { connectRaw } from './raw-client.js'
import { serve, type Served, type ServeOptions } from './serve.js'

t.jobs = 2

const noLameDuck: ServeOptions = { options: { lameDuck: false } }
const atOnce: ServeOptions = { options: { lameDuck: false, lastCall: false } }

interface Stream {
  readonly response: IncomingMessage
  /** Settles with all of it; rejects when it was truncated. */
  readonly whole: Promise<string>
}

async function open(port: number, path = '/'): Promise<Stream> {
  const request = get({ port, path, host: '127.0.0.1', agent: false, headers: { 'Accept-Encoding': 'gzip' } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  const whole = new Promise<string>((resolve, reject) => {
    response.on('data', (chunk: Buffer) => void chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      const body = Buffer.concat(chunks)
      resolve(String(response.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body))
    })
  })
  // it may be truncated before the test asks
  whole.catch(() => {})
  return { response, whole }
}

/** A handler that writes an event every few ms for as long as the response is open, and does not look whether it is. */
const ticking =
  (start: (res: ServerResponse) => void): RequestListener =>
  (_req, res) => {
    start(res)
    let count = 0
    const timer = setInterval(() => res.write(`data: ${(count += 1)}\n\n`), 2)
    res.once('close', () => clearInterval(timer))
  }

const eventStream = { 'Content-Type': 'text/event-stream' } as const

const startStream = (res: ServerResponse): void => res.writeHead(200, eventStream).flushHeaders()

const headers: Record<string, (res: ServerResponse) => void> = {
  'by setHeader': (res) => res.setHeader('Content-Type', 'text/event-stream; charset=utf-8').flushHeaders(),
  'by writeHead': startStream,
  'by writeHead, as a list': (res) =>
    res.writeHead(200, ['content-type', 'TEXT/EVENT-STREAM']).flushHeaders(),
  'by the first write': (res) => void res.setHeader('Content-Type', 'text/event-stream').write(': hello\n\n'),
}

const events = /^(: hello\n\n)?(data: \d+\n\n)*$/

for (const [how, start] of Object.entries(headers)) {
  t.test(`an event stream, called so ${how}, is ended in last call: whole, and no failure`, async (t) => {
    const served = await serve(t, ticking(start), noLameDuck)
    const { whole } = await open(served.port)
    const report = served.shutdown.begin('test')
    t.match(await whole, events)
    t.equal(served.shutdown.phase, 'last-call')
    t.match(await report, { verdict: 'clean', cut: { count: 0 } })
  })
}

t.test('without a last call it is ended as draining begins', async (t) => {
  const served = await serve(t, ticking(startStream), atOnce)
  const { whole } = await open(served.port)
  const since = performance.now()
  const report = served.close()
  t.match(await whole, events)
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
  const tookMs = performance.now() - since
  t.ok(tookMs < 1_000, `took ${tookMs} ms`)
})

t.test('control: a response that never ends and is no event stream is cut at the deadline', async (t) => {
  const start = (res: ServerResponse): void => void res.writeHead(200, { 'Content-Type': 'text/plain' })
  const served = await serve(t, ticking(start), { options: { ...atOnce.options, gracePeriodMs: 1_000 } })
  const { whole } = await open(served.port)
  const report = served.close()
  await t.rejects(whole, { code: 'ECONNRESET' })
  t.match(await report, { verdict: 'forced', cut: { count: 1, items: [{ path: '/', answered: false }] } })
})

t.test('the answer to a POST is no such stream, whatever it is called: it finishes', async (t) => {
  let finish = (): void => {}
  const served = await serve(
    t,
    (_req, res) => {
      res.writeHead(200, eventStream).write('data: half\n\n')
      finish = () => void res.end('data: [DONE]\n\n')
    },
    noLameDuck,
  )
  const client = await served.connect()
  client.send('/', { body: 'prompt' })
  while (!client.text.includes('half')) await once(client.socket, 'data')
  const report = served.shutdown.begin('test')
  await served.phase('draining')
  finish()
  t.match(await client.next(), { body: 'data: half\n\ndata: [DONE]\n\n' })
  t.match(await report, { verdict: 'clean' })
})

/** What a compression middleware does: it takes the place of `write` and `end`, and keeps the real ones. */
const compressing =
  (listener: RequestListener): RequestListener =>
  (req, res) => {
    const gzip = createGzip()
    const { write, end } = { write: res.write.bind(res), end: res.end.bind(res) }
    res.setHeader('Content-Encoding', 'gzip')
    gzip.on('data', (chunk: Buffer) => void write(chunk)).on('end', () => void end())
    Object.assign(res, {
      write: (chunk: string) => gzip.write(chunk),
      end: () => void gzip.end(),
    })
    listener(req, res)
  }

t.test('under a compression middleware the stream is ended whole, and can be decoded', async (t) => {
  const start = (res: ServerResponse): void =>
    res.setHeader('Content-Type', 'text/event-stream').flushHeaders()
  const served = await serve(t, compressing(ticking(start)), noLameDuck)
  const { response, whole } = await open(served.port)
  t.equal(response.headers['content-encoding'], 'gzip')
  const report = served.shutdown.begin('test')
  t.match(await whole, events)
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('a stream that begins in last call is ended as well', async (t) => {
  const served = await serve(t, ticking(startStream), {
    ...noLameDuck,
    drain: { random: () => 0 },
  })
  const client = await served.connect()
  const report = served.shutdown.begin('test')
  await served.phase('last-call')
  await served.listenerClosed()
  client.send('/')
  t.match(await client.next(), { status: 200, headers: { connection: 'close' } })
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('one whose headers come in draining is ended, with what was written along with them', async (t) => {
  let begin = (): void => {}
  const served = await serve(
    t,
    (_req, res) => {
      begin = () => {
        res.writeHead(200, eventStream)
        res.write('data: hello\n\n')
      }
    },
    atOnce,
  )
  const client = await served.connect()
  client.send('/')
  await new Promise<void>((resolve) => served.server.once('request', () => resolve()))
  const report = served.close()
  await served.phase('draining')
  begin()
  t.match(await client.next(), { status: 200, body: 'data: hello\n\n' })
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('one that was told to go in lame duck is ended as well', async (t) => {
  const listener: RequestListener = (req, res) =>
    void (req.url === '/plain' ? res.end() : ticking(startStream)(req, res))
  const served = await serve(t, listener, {
    options: { lameDuck: { minMs: 10, quietMs: 1_000, maxMs: 5_000 } },
    drain: { random: () => 0 },
  })
  const [client, other] = [await served.connect(), await served.connect()]
  for (const known of [client, other]) {
    known.send('/plain')
    await known.next()
  }
  const report = served.shutdown.begin('test')
  // the moments of both come at once
  for (let told; told !== 'close';) {
    other.send('/plain')
    told = (await other.next()).headers['connection']
  }
  t.equal(served.shutdown.phase, 'lame-duck')
  client.send('/')
  t.match(await client.next(), { status: 200, headers: { connection: 'close' } })
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('a client that reads nothing is cut two seconds after its stream was ended: no failure', async (t) => {
  const big = Buffer.alloc(24 * 1024 * 1024, 'x')
  const served = await serve(
    t,
    (_req, res) => {
      res.writeHead(200, eventStream)
      res.write(big)
    },
    { options: { ...atOnce.options, gracePeriodMs: 10_000 } },
  )
  const client = await served.connect()
  client.socket.pause()
  client.send('/')
  await new Promise<void>((resolve) => served.server.once('request', () => resolve()))
  const { tookMs, ...report } = await served.close()
  t.match(report, { verdict: 'clean', cut: { count: 0 } })
  t.ok(tookMs < report.budget.drainDeadlineMs, `took ${tookMs} ms`)
})

t.test('one that still reads at the deadline is cut: no failure either', async (t) => {
  const big = Buffer.alloc(24 * 1024 * 1024, 'x')
  const served = await serve(
    t,
    (_req, res) => {
      res.writeHead(200, eventStream)
      res.write(big)
    },
    { options: { ...atOnce.options, gracePeriodMs: 1_000 } },
  )
  const client = await served.connect()
  client.socket.pause()
  client.send('/')
  await new Promise<void>((resolve) => served.server.once('request', () => resolve()))
  t.match(await served.close(), { verdict: 'clean', cut: { count: 0 } })
})

t.test('its owner ends it between two events, and says when to come back', async (t) => {
  const random = () => 0.25
  const owned: RequestListener = (req, res) => {
    ticking(startStream)(req, res)
    served.shutdown.stopping.addEventListener('abort', () => {
      endEventStream(res, { random })
      endEventStream(res, { random })
    })
  }
  const served: Served = await serve(t, owned, noLameDuck)
  const { whole } = await open(served.port)
  const report = served.shutdown.begin('test')
  t.match(await whole, /^(data: \d+\n\n)*retry: 2000\n\n$/)
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('the time to come back is anywhere in the range', async (t) => {
  const written: string[] = []
  const end = (options: Parameters<typeof endEventStream>[1]): void => {
    const res = { write: (text: string) => written.push(text), end() {} } as unknown as ServerResponse
    endEventStream(res, options)
  }
  end({ random: () => 0 })
  end({ random: () => 0.9999 })
  end({ retryMs: [10, 20], random: () => 0.5 })
  end({ retryMs: [7, 7] })
  t.strictSame(written, ['retry: 1000\n\n', 'retry: 5000\n\n', 'retry: 15\n\n', 'retry: 7\n\n'])
  const times = new Set<string>()
  for (let count = 0; count < 50; count += 1) {
    end({})
    times.add(written.at(-1) ?? '')
  }
  t.ok(times.size > 40, 'no two come back together')
})

t.test('a response that is over is left alone', async (t) => {
  const served = await serve(
    t,
    (_req, res) => void res.writeHead(200, eventStream).write('data: 1\n\n'),
    noLameDuck,
  )
  const responses: ServerResponse[] = []
  served.server.on('request', (_req, res: ServerResponse) => void responses.push(res))
  const client = await served.connect()
  client.send('/')
  while (!client.text.includes('data: 1')) await once(client.socket, 'data')
  const [res] = responses
  if (!res) throw new Error('no response')
  const closed = once(res, 'close')
  client.socket.destroy()
  await closed
  res.write = () => t.fail('written to')
  t.doesNotThrow(() => endEventStream(res))
})

t.test('a range that is none is refused', async (t) => {
  const refused = (options: unknown): void =>
    void t.throws(() => endEventStream({} as ServerResponse, options as never), {
      code: 'ERR_LASTCALL_OPTION',
    })
  for (const retryMs of [5, [1], [2, 1], [-1, 5], [1, NaN], ['1', 2], [1, 2, 3], [0, 2 ** 31], null])
    refused({ retryMs })
  refused({ random: 0.5 })
  refused({ retry: 5 })
  refused(null)
})

for (const [settings, ending] of [
  [{}, 'ended'],
  [{ owned: true }, 'ended by its owner'],
  [{ plain: true }, 'cut'],
] as const satisfies readonly (readonly [EventStreamSettings, string])[]) {
  const title = 'plain' in settings ? 'control: with server.close() and an exit' : 'on SIGTERM'
  t.test(`${title} a stream is ${ending}`, async (t) => {
    const file = fileURLToPath(new URL('fixtures/event-streams.js', import.meta.url))
    const program = startProgram(t, [file, JSON.stringify(settings)])
    const port = await program.port()
    const { whole } = await open(port)
    await program.line('handling')
    program.signal('SIGTERM')
    const { code, reports } = await program.ended
    if ('plain' in settings) {
      await t.rejects(whole, { code: 'ECONNRESET' })
      return
    }
    t.match(await whole, 'owned' in settings ? /^(data: \d+\n\n)*retry: \d{4}\n\n$/ : events)
    t.equal(code, 0)
    t.match(reports, [{ verdict: 'clean', cut: { count: 0 } }])
  })
}

t.test('over HTTP/1.0, which has no chunks, the stream ends with its connection', async (t) => {
  const served = await serve(t, ticking(startStream), noLameDuck)
  const client = await connectRaw(served.port)
  client.socket.write('GET / HTTP/1.0\r\n\r\n')
  while (!client.text.includes('data: 1')) await once(client.socket, 'data')
  const report = served.shutdown.begin('test')
  t.equal(await client.over, 'FIN')
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})
