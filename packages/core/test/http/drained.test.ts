import { createServer, type Server } from 'node:http'
import { createShutdown, type Shutdown, type ShutdownOptions } from '@lastcall/core'
import { drainServer } from '@lastcall/core/http'
import t, { type Test } from 'tap'
import { inHand, serve } from './serve.js'

const warning = 'this server is drained already: nothing is done twice, one of the two can be left out'

function instance(options: ShutdownOptions = {}): { shutdown: Shutdown; warnings: string[] } {
  const warnings: string[] = []
  // the first instance of a process also warns of the test runner's listeners
  const warn = (_details: object, message: string): void =>
    void (message === warning && warnings.push(message))
  const logger = { info() {}, warn, error() {} }
  return { warnings, shutdown: createShutdown({ signals: false, crashes: false, logger, ...options }) }
}

async function listen(t: Test, server: Server): Promise<void> {
  t.teardown(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}

t.test(
  'a second instance becomes ready with the server, which stays with the first; it is said once',
  async (t) => {
    const server = createServer()
    const [first, second, third] = [instance(), instance(), instance()]
    drainServer(server, first.shutdown)
    drainServer(server, second.shutdown)
    drainServer(server, third.shutdown)
    drainServer(server, first.shutdown)
    await listen(t, server)
    t.strictSame(
      [first, second, third].map(({ shutdown }) => shutdown.phase),
      ['running', 'running', 'running'],
    )
    t.strictSame(
      [first, second, third].map(({ warnings }) => warnings),
      [[], [warning], []],
    )
    await second.shutdown.begin('the test')
    t.ok(server.listening)
    await first.shutdown.begin('the test')
    t.notOk(server.listening)
  },
)

t.test('drained twice by one instance, a request is counted once', async (t) => {
  const { handler, next } = inHand()
  const server = createServer()
  const served = await serve(t, handler, {
    server,
    options: { gracePeriodMs: 5_000, lameDuck: false, lastCall: false },
  })
  drainServer(server, served.shutdown)
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  const report = served.shutdown.begin('the test')
  await served.phase('draining')
  res.end('done')
  t.match(await client.next(), { body: 'done' })
  t.equal((await report).phases.at(0)?.inFlight, 1)
  t.ok(served.log.some(({ message }) => message === warning))
})

t.test('what another copy of the package drains stays with it', async (t) => {
  const server = createServer()
  Object.assign(server, { [Symbol.for('lastcall.drained.1')]: { count() {}, warned: false } })
  const { shutdown, warnings } = instance()
  drainServer(server, shutdown)
  await listen(t, server)
  t.equal(shutdown.phase, 'running')
  t.strictSame(warnings, [warning])
  await shutdown.begin('the test')
  t.ok(server.listening)
})

t.test('a server that was let go can be drained by another instance', async (t) => {
  const server = createServer()
  const [first, second] = [instance(), instance()]
  drainServer(server, first.shutdown)()
  drainServer(server, second.shutdown)
  await listen(t, server)
  t.equal(first.shutdown.phase, 'starting')
  t.strictSame(second.warnings, [])
  await second.shutdown.begin('the test')
  t.notOk(server.listening)
})
