import { once } from 'node:events'
import { createReadStream, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ask, connect, createGate, phase, type Gate } from '@lastcall/testing'
import compression from 'compression'
import type { ErrorRequestHandler, Express } from 'express'
import session from 'express-session'
import t, { type Test } from 'tap'
import { frameworks } from './frameworks.js'
import { create, listen } from './serve.js'

const folder = mkdtempSync(join(tmpdir(), 'lastcall-express-'))
t.teardown(() => rm(folder, { recursive: true }))
const file = join(folder, 'catalogue.csv')
const catalogue = '1;espresso;2.40;in stock\n'.repeat(40_000)
writeFileSync(file, catalogue)

/** What an app has beside the middleware. Its route is held in the middle by the gate. */
interface Beside {
  readonly title: string
  readonly method?: 'GET' | 'POST'
  readonly status?: number
  readonly body: string
  add(app: Express, gate: Gate, express: (typeof frameworks)[number]['express']): void
}

const besides: readonly Beside[] = [
  {
    title: 'express.json()',
    method: 'POST',
    body: '{"item":"espresso"}',
    add(app, gate, express) {
      app.use(express.json())
      app.post('/', (req, res) => void gate.pass().then(() => res.json(req.body)))
    },
  },
  {
    title: 'a body that nobody reads',
    method: 'POST',
    body: 'finished',
    add: (app, gate) => void app.post('/', (_req, res) => void gate.pass().then((text) => res.send(text))),
  },
  {
    title: 'res.sendFile',
    body: catalogue,
    add: (app, gate) => void app.get('/', (_req, res) => void gate.pass().then(() => res.sendFile(file))),
  },
  {
    title: 'a stream that has begun',
    body: `first,${catalogue}`,
    add(app, gate) {
      app.get('/', async (_req, res) => {
        res.write('first,')
        await gate.pass()
        await pipeline(createReadStream(file), res)
      })
    },
  },
  {
    title: 'express-session',
    body: '1 visits',
    add(app, gate) {
      app.use(session({ secret: 'test', resave: false, saveUninitialized: true }))
      app.get('/', async (req, res) => {
        const visitor = req.session as { visits?: number }
        visitor.visits = (visitor.visits ?? 0) + 1
        await gate.pass()
        res.send(`${visitor.visits} visits`)
      })
    },
  },
  {
    title: 'an async handler that throws, and an error handler',
    status: 418,
    body: 'finished by the error handler',
    add(app, gate) {
      app.get('/', (_req, _res, next) => {
        const handler = async (): Promise<void> => {
          throw new Error(await gate.pass())
        }
        // Express 4 leaves it to the app to hand a rejection on
        handler().catch(next)
      })
      const onError: ErrorRequestHandler = ({ message }: Error, _req, res, _next) =>
        void res.status(418).send(`${message} by the error handler`)
      app.use(onError)
    },
  },
]

for (const { version, express } of frameworks) {
  t.test(version, async (t) => {
    for (const { title, method = 'GET', status = 200, body, add } of besides) {
      t.test(`${title}: what is in flight finishes`, async (t) => {
        const { middleware } = create({ lameDuck: false, lastCall: false })
        const gate = createGate()
        const app = express().use(middleware)
        add(app, gate, express)
        const { port } = await listen(t, app)
        const held = connect({ port })
        t.teardown(() => held.destroy())
        const answer = held.send(method, '/', method === 'POST' ? { item: 'espresso' } : undefined)
        await gate.reached

        const draining = phase(middleware.shutdown, 'draining')
        const begun = middleware.shutdown.begin('test')
        await draining
        gate.open()
        t.match(await answer, { status, body })
        await held.closed()
        t.match(await begun, { verdict: 'clean', refused: 0, cut: { count: 0 } })
      })
    }

    t.test('compression: the answer is whole', async (t) => {
      const { middleware } = create({ lameDuck: false, lastCall: false })
      const gate = createGate()
      const app = express().use(middleware)
      app.use(compression({ threshold: 0 }))
      app.get('/', (_req, res) => void gate.pass().then(() => res.type('text').send(catalogue)))
      const { port } = await listen(t, app)
      const answer = fetch(`http://127.0.0.1:${port}/`)
      await gate.reached
      const draining = phase(middleware.shutdown, 'draining')
      const begun = middleware.shutdown.begin('test')
      await draining
      gate.open()
      const response = await answer
      t.equal(response.headers.get('content-encoding'), 'gzip')
      t.equal(response.headers.get('connection'), 'close')
      t.equal(await response.text(), catalogue)
      t.match(await begun, { verdict: 'clean' })
    })

    t.test('a request that comes while draining is refused, and its handler does not see it', async (t) => {
      const { middleware } = create({ lameDuck: false, lastCall: false })
      const gate = createGate()
      const seen: string[] = []
      const app = express().use(middleware)
      app.get('/held', async (_req, res) => res.send(await gate.pass()))
      app.all('/orders', (req, res) => {
        seen.push(req.method)
        res.send('served')
      })
      const { port } = await listen(t, app)
      const held = ask({ port }, '/held')
      await gate.reached
      const late = connect({ port })
      t.teardown(() => late.destroy())
      t.equal((await late.send('GET', '/orders')).body, 'served')
      const draining = phase(middleware.shutdown, 'draining')
      const begun = middleware.shutdown.begin('test')
      await draining
      const refused = await late.send('POST', '/orders', { item: 'espresso' })
      t.match(refused, { status: 503, headers: { connection: 'close', 'retry-after': /^[123]$/ } })
      gate.open()
      t.equal((await held).body, 'finished')
      t.strictSame(seen, ['GET'])
      t.match(await begun, { verdict: 'clean', refused: 1 })
    })

    t.test('in lame duck and last call everything is served', async (t) => {
      const { middleware } = create({ lameDuck: { minMs: 200 }, lastCall: { maxMs: 1_500, idleMs: 700 } })
      const app = express().use(middleware)
      app.all('/orders', (req, res) => void res.send(`${req.method} in ${middleware.shutdown.phase}`))
      const { port } = await listen(t, app)
      const client = connect({ port })
      t.teardown(() => client.destroy())
      await client.send('GET', '/orders')
      const lastCall = phase(middleware.shutdown, 'last-call')
      const begun = middleware.shutdown.begin('test')
      t.match(await ask({ port }, '/orders', 'POST'), { status: 200, body: 'POST in lame-duck' })
      await lastCall
      t.match(await client.send('POST', '/orders', {}), { status: 200, body: 'POST in last-call' })
      t.match(await begun, { verdict: 'clean', refused: 0 })
    })

    t.test('a slow reader of a large answer gets all of it', async (t) => {
      const { middleware } = create({ lameDuck: false, lastCall: false })
      const { read } = await sendLarge(t, express().use(middleware))
      const draining = phase(middleware.shutdown, 'draining')
      const begun = middleware.shutdown.begin('test')
      await draining
      t.equal(await read(), large.length)
      t.match(await begun, { verdict: 'clean' })
    })

    t.test('control: after server.close() it does not', async (t) => {
      const { server, read } = await sendLarge(t, express())
      server.close()
      t.ok((await read()) < large.length)
    })
  })
}

const large = Buffer.alloc(24 * 1024 * 1024, '.')

/** Ends a response that its client does not read yet. Reading it gives the number of bytes that came of its body. */
async function sendLarge(t: Test, app: Express): Promise<{ server: Server; read: () => Promise<number> }> {
  const sent = createGate()
  app.get('/', (_req, res) => {
    res.send(large)
    void sent.pass()
  })
  const { server, port } = await listen(t, app)
  const socket = createConnection({ port, host: '127.0.0.1' }).pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await sent.reached
  return {
    server,
    async read() {
      let [head, bytes] = ['', 0]
      socket.on('data', (chunk) => {
        bytes += chunk.length
        if (!head.includes('\r\n\r\n')) head += chunk.toString('latin1')
      })
      socket.on('error', () => {})
      const closed = once(socket, 'close')
      socket.resume()
      await closed
      return bytes - (head.indexOf('\r\n\r\n') + 4)
    },
  }
}
