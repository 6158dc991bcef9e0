import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createShutdown } from '@lastcall/core'
import { ask, openSocket, requestText, startProgram, type Program } from '@lastcall/testing'
import { serve } from 'example-hono/lastcall.js'
import { Hono } from 'hono'
import t, { type Test } from 'tap'
import { example } from '#src/example.js'

const order = 'two espressos'

t.test('docs/new-adapter.md shows the whole adapter, which has fewer than 60 lines', async (t) => {
  const adapter = readFileSync(example('hono/lastcall.js'), 'utf8')
  t.ok(adapter.split('\n').length < 60)
  const page = readFileSync(example('../docs/new-adapter.md'), 'utf8')
  t.ok(page.includes(`\`\`\`js\n${adapter}\`\`\`\n`))
})

t.test('SIGTERM: an order in the middle is taken, and the journal closes after it', async (t) => {
  const { program, taken, client } = await startWithHalf(t)
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  client.socket.write(order.slice(3))
  t.match(await client.received, / 201 Created\r\n.*\r\n\r\ntaken$/s)
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean', participants: { items: [{ name: 'journal', cut: false }] } })
  t.equal(taken(), `${order}\n`)
})

t.test('control: the same app without the adapter loses it', async (t) => {
  const { program, taken, client } = await startWithHalf(t, { CONTROL: '1' })
  program.signal('SIGTERM')
  t.equal((await program.ended).signal, 'SIGTERM')
  t.notMatch(await client.received.catch(() => 'reset'), ' 201 ')
  t.equal(taken(), '')
})

t.test('where Hono alone gives up a body that nobody reads, what comes behind it is answered', async (t) => {
  const ports = [startOrders(t), startOrders(t, { CONTROL: '1' })].map(({ program }) => program.port())
  const [port = 0, plainPort = 0] = await Promise.all(ports)
  const ours = await leaveUnread(t, port)
  // the control, which begins later
  const alone = await leaveUnread(t, plainPort)
  t.equal(answersIn(await alone.received), 1)
  ours.socket.write(`xx${requestText('/', { headers: ['Connection: close'] })}`)
  t.equal(answersIn(await ours.received), 2)
})

t.test('probes come before the middleware, and leave their path to a route of the app', async (t) => {
  t.equal((await askApp(t, '/livez')).status, 200)
  t.equal((await askApp(t, '/readyz')).body, 'mine')
  t.equal((await askApp(t, '/alive', { probes: { live: '/alive' } })).status, 200)
})

t.test('control: without probes the middleware wants its password', async (t) => {
  t.equal((await askApp(t, '/livez', { probes: false })).status, 401)
})

interface Orders {
  readonly program: Program
  /** What is in the journal. */
  taken(): string
}

function startOrders(t: Test, env: Readonly<Record<string, string>> = {}): Orders {
  const JOURNAL = join(t.testdir({}), 'journal')
  const program = startProgram(t, [example('hono/server.js')], { env: { PORT: '0', JOURNAL, ...env } })
  return { program, taken: () => readFileSync(JOURNAL, 'utf8') }
}

type Client = Awaited<ReturnType<typeof openSocket>>

async function connect(t: Test, port: number): Promise<Client> {
  const client = await openSocket(port)
  t.teardown(() => client.socket.destroy())
  client.socket.on('error', () => {})
  return client
}

/** The handler has an order in hand, and the beginning of its text. */
async function startWithHalf(
  t: Test,
  env: Readonly<Record<string, string>> = {},
): Promise<Orders & { readonly client: Client }> {
  const orders = startOrders(t, env)
  const client = await connect(t, await orders.program.port())
  const headers = [`Content-Length: ${order.length}`, 'Expect: 100-continue']
  client.socket.write(requestText('/orders', { method: 'POST', headers }))
  // 100 Continue: it has arrived
  await once(client.socket, 'data')
  client.socket.write(order.slice(0, 3))
  return { ...orders, client }
}

/** A request was answered of whose body two bytes are missing. */
async function leaveUnread(t: Test, port: number): Promise<Client> {
  const client = await connect(t, port)
  client.socket.write(requestText('/nowhere', { method: 'POST', headers: ['Content-Length: 2'] }))
  await once(client.socket, 'data')
  return client
}

const answersIn = (received: string): number => received.split('HTTP/1.1 ').length - 1

/** Asks an app that lets nobody in, but to its own readiness. */
async function askApp(
  t: Test,
  path: string,
  options: Parameters<typeof serve>[1] = {},
): ReturnType<typeof ask> {
  const app = new Hono()
  app.get('/readyz', (c) => c.text('mine'))
  app.use((c) => Promise.resolve(c.text('who are you?', 401)))
  const logger = { info() {}, warn() {}, error() {} }
  const shutdown = createShutdown({ signals: false, crashes: false, logger })
  t.teardown(() => shutdown.begin('the test is over'))
  const server = serve(app, { ...options, shutdown, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return ask({ port: (server.address() as AddressInfo).port }, path)
}
