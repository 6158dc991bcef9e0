import { connect as connectSession, type ClientHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { lastcall } from '@lastcall/fastify'
import { ask as askHttp1, connect, createCertificate, createGate, phase } from '@lastcall/testing'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { frameworks } from './frameworks.js'

/** What a bare Fastify may wait for: a session that stays open. */
const http2SessionTimeout = 20_000

interface Answer {
  readonly status: number | undefined
  readonly body: string
}

function ask(client: ClientHttp2Session, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status: number | undefined
    let body = ''
    client
      .request({ ':path': path })
      .on('response', (headers) => (status = headers[':status']))
      .on('data', (chunk) => (body += String(chunk)))
      .on('end', () => resolve({ status, body }))
      .on('error', reject)
  })
}

const closed = (client: ClientHttp2Session): Promise<void> =>
  new Promise((resolve) => void client.once('close', resolve))

for (const { version, fastify } of frameworks) {
  for (const [scheme, settings] of [
    ['http', { http2: true }],
    ['https', { http2: true, https: { ...createCertificate(), allowHTTP1: true } }],
  ] as const) {
    const open = async (t: Test) => {
      // the same but for the type of its server
      const app = fastify({ ...settings, http2SessionTimeout } as object) as unknown as FastifyInstance
      t.teardown(() => app.close().catch(() => {}))
      await app.register(lastcall, { lameDuck: false, lastCall: { maxMs: 1_000, idleMs: 100 } })
      const gate = createGate()
      app.get('/held', () => gate.pass())
      app.get('/', async () => 'served')
      await app.listen({ port: 0, host: '127.0.0.1' })
      const { port } = app.server.address() as AddressInfo
      const session = (): ClientHttp2Session => {
        const client = connectSession(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false })
        t.teardown(() => client.destroy())
        return client.on('error', () => {})
      }
      return { app, gate, port, session }
    }

    t.test(
      `${version}, HTTP/2 over ${scheme}: app.close() waits for the work in flight, and nothing after it`,
      async (t) => {
        const { app, gate, session } = await open(t)
        const [idle, busy] = [session(), session()]
        t.match(await ask(idle, '/'), { status: 200, body: 'served' })
        const held = ask(busy, '/held')
        await gate.reached
        const closing = app.close()
        await closed(idle)
        const since = performance.now()
        gate.open()
        t.match(await held, { status: 200, body: 'finished' })
        await Promise.all([closing, closed(busy)])
        const tookMs = performance.now() - since
        t.ok(tookMs < 4_000, `took ${tookMs} ms`)
      },
    )

    t.test(`${version}, HTTP/2 over ${scheme}: last call serves and tells, and probes answer`, async (t) => {
      const { app, gate, session } = await open(t)
      const client = session()
      const held = ask(client, '/held')
      t.match(await ask(client, '/readyz'), { status: 200, body: /"phase":"running"/ })
      await gate.reached
      const goaway = new Promise((resolve) => client.once('goaway', resolve))
      const draining = phase(app.shutdown, 'draining')
      const report = app.shutdown.begin('test')
      await Promise.all([goaway, draining])
      gate.open()
      t.match(await held, { status: 200, body: 'finished' })
      t.match(await report, { verdict: 'clean', exitCode: 0, connections: { told: 1 }, cut: { count: 0 } })
    })
  }

  t.test(`${version}: clients without HTTP/2 are served and drained beside the others`, async (t) => {
    const app = fastify({
      http2: true,
      https: { ...createCertificate(), allowHTTP1: true },
      http2SessionTimeout,
    } as object) as unknown as FastifyInstance
    t.teardown(() => app.close().catch(() => {}))
    await app.register(lastcall)
    app.get('/', async ({ raw }) => `HTTP/${raw.httpVersion}`)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const client = connectSession(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    t.teardown(() => client.destroy())
    t.match(await ask(client, '/'), { body: 'HTTP/2.0' })
    t.match(await askHttp1({ port, secure: true }, '/'), { body: 'HTTP/1.1' })
    const old = connect({ port, secure: true })
    t.match(await old.send('GET', '/livez'), { status: 200 })
    await Promise.all([app.close(), old.closed(), closed(client)])
    t.equal(app.server.listening, false)
  })
}

t.test(
  'control: without the plugin an open session is waited for',
  { skip: Number(process.versions.node.split('.')[0]) >= 24 && 'Node 24 closes sessions itself' },
  async (t) => {
    const [{ fastify }] = frameworks
    const app = fastify({ http2: true, http2SessionTimeout: 1_000 } as object) as unknown as FastifyInstance
    app.get('/', async () => 'served')
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const client = connectSession(`http://127.0.0.1:${port}`)
    t.teardown(() => client.destroy())
    await ask(client, '/')
    const since = performance.now()
    await app.close()
    t.ok(performance.now() - since > 800)
  },
)
