import { requestText } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp, type App, type AppSettings } from './app.js'
import type { RawClient, RawResponse } from './raw-client.js'

t.jobs = 2

const lastCall: AppSettings = { random: 0, options: { lameDuck: false, lastCall: { maxMs: 1_500 } } }
const draining: AppSettings = { options: { lameDuck: false, lastCall: false } }
/** The same app on Node's own: it says close on every response once it was told to stop. */
const control: AppSettings = { plain: 'say close' }
const clients = 20

interface Upload {
  readonly client: RawClient
  readonly url: string
}

/** Connections whose request has begun, so that nobody takes them for idle. They read nothing from here on. */
const beginUploads = (app: App, path: string): Promise<Upload[]> =>
  Promise.all(
    Array.from({ length: clients }, async (_, id) => {
      const client = await app.connect()
      // an answer shows that the connection has left the accept queue
      client.send('/')
      await client.next()
      client.socket.pause()
      client.socket.write('POST ')
      return { client, url: `${path}?client=${id}.` }
    }),
  )

const writeHead = ({ client, url }: Upload, length: number): void =>
  void client.socket.write(`${url} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`)

/** Writes the body in pieces, each after the one before is with the kernel; only then it reads the answer. */
async function writeBodyThenRead({ client }: Upload, length: number, pieces = 2): Promise<RawResponse> {
  const piece = Buffer.alloc(length / pieces, 'x')
  for (let written = 0; written < pieces; written += 1) {
    await new Promise<void>((resolve, reject) => {
      client.socket.write(piece, (error) => (error ? reject(error) : resolve()))
    })
  }
  const response = client.next()
  client.socket.resume()
  return response
}

/** How many got the whole answer they were meant to get. */
async function count(answers: Promise<RawResponse>[], expected: Partial<RawResponse>): Promise<number> {
  const settled = await Promise.allSettled(answers)
  return settled.filter(
    (answer) =>
      answer.status === 'fulfilled' &&
      answer.value.headers['connection'] === 'close' &&
      answer.value.status === expected.status &&
      answer.value.body.includes(expected.body ?? ''),
  ).length
}

const early = { status: 200, body: 'early' }

/** Answered while the body is still on its way, with the last answer of the connection. */
async function answerEarly(
  t: Test,
  settings: AppSettings,
  length: number,
): Promise<{ app: App; answered: number }> {
  const app = await startApp(t, settings)
  const uploads = await beginUploads(app, '/early')
  app.signal('SIGTERM')
  await app.line(settings.plain ? 'closing' : 'listener closed')
  for (const upload of uploads) writeHead(upload, length)
  await Promise.all(uploads.map(({ url }) => app.line(`${settings.plain ? 'gone' : 'answered'} ${url}`)))
  return {
    app,
    answered: await count(
      uploads.map((upload) => writeBodyThenRead(upload, length)),
      early,
    ),
  }
}

for (const [what, length] of [
  ['a POST of 200 bytes whose handler ignores the body', 200],
  ['an upload of 4 MB that is answered early', 4_000_000],
] as const) {
  t.test(`${what} gets its answer, though it says close`, async (t) => {
    const { app, answered } = await answerEarly(t, lastCall, length)
    t.equal(answered, clients)
    const report = await app.report()
    t.equal(report.verdict, 'clean')
    t.equal(report.connections.told, clients)
  })

  t.test(`control: ${what} loses it to a reset`, async (t) => {
    const { answered } = await answerEarly(t, control, length)
    t.equal(answered, 0)
  })
}

t.test(
  'an upload that is in the middle of its handler when draining begins is read to its end',
  async (t) => {
    const app = await startApp(t, draining)
    const uploads = await beginUploads(app, '/wait')
    for (const upload of uploads) writeHead(upload, 1_000_000)
    await Promise.all(uploads.map(({ url }) => app.line(`handling ${url}`)))
    app.signal('SIGTERM')
    await app.line('draining')
    app.signal('SIGUSR2')
    const answers = uploads.map((upload) => writeBodyThenRead(upload, 1_000_000, 20))
    t.equal(await count(answers, { status: 200, body: 'waited' }), clients)
    t.equal((await app.ended).code, 0)
  },
)

t.test(
  'a 503 in the middle of an upload reaches a client that reads only after it has written all',
  async (t) => {
    const app = await startApp(t, draining)
    const [first] = await beginUploads(app, '/wait')
    if (!first) throw new Error('no client')
    writeHead(first, 2)
    await app.line('handling /wait')
    const uploads = await beginUploads(app, '/orders')
    app.signal('SIGTERM')
    await app.line('draining')
    for (const upload of uploads) writeHead(upload, 4_000_000)
    const answers = uploads.map((upload) => writeBodyThenRead(upload, 4_000_000, 20))
    t.equal(await count(answers, { status: 503, body: 'The server is shutting down' }), clients)
    app.signal('SIGUSR2')
    t.match(await writeBodyThenRead(first, 2), { status: 200, body: 'waited' })
    const report = await app.report()
    t.equal(report.refused, clients)
    t.equal((await app.ended).code, 0)
  },
)

t.test(
  'a client that was answered early and sends no more of its body does not hold up the shutdown',
  async (t) => {
    const app = await startApp(t, { ...lastCall, options: { ...lastCall.options, gracePeriodMs: 20_000 } })
    const client = await app.connect({ allowHalfOpen: true })
    client.send('/')
    await client.next()
    app.signal('SIGTERM')
    await app.line('listener closed')
    client.send('/early', { method: 'POST', headers: ['Content-Length: 1000'] })
    t.match(await client.next(), early)
    const { code, tookMs } = await app.ended
    t.equal(code, 0)
    t.ok(tookMs < 5_000, `took ${tookMs} ms`)
  },
)

t.test('the client sees the end of the connection, and closes its own side in peace', async (t) => {
  const app = await startApp(t, lastCall)
  const client = await app.connect()
  client.send('/')
  t.match(await client.next(), { status: 200, headers: { connection: 'keep-alive' } })
  app.signal('SIGTERM')
  await app.line('listener closed')
  client.socket.write(requestText('/', { body: 'a body that nobody reads', method: 'PUT' }))
  t.match(await client.next(), { status: 200, headers: { connection: 'close' } })
  t.equal(await client.over, 'FIN')
  t.equal(await client.gone, undefined)
})
