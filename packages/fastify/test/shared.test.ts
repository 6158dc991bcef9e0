import type { AddressInfo } from 'node:net'
import { createShutdown, type Shutdown } from '@lastcall/core'
import { lastcall } from '@lastcall/fastify'
import { ask, createGate, isSettled, startProgram } from '@lastcall/testing'
import { fastify, type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { fixture } from './fixture.js'

const logger = { info() {}, warn() {}, error() {} }

async function open(t: Test, shutdown: Shutdown): Promise<FastifyInstance> {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(lastcall, { shutdown })
  return app
}

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

t.test('two apps on one instance close when neither has anything in flight', async (t) => {
  const shutdown = createShutdown({ logger })
  const order: string[] = []
  shutdown.register('pool', () => void order.push('pool'))
  const [first, second] = [await open(t, shutdown), await open(t, shutdown)]
  t.equal(first.shutdown, shutdown)
  t.equal(second.shutdown, shutdown)
  const gate = createGate()
  second.get('/held', () => gate.pass())
  first.addHook('onClose', async () => void order.push('first'))
  second.addHook('onClose', async () => void order.push('second'))
  await listen(first)
  const held = ask({ port: await listen(second) }, '/held')
  await gate.reached

  const begun = shutdown.begin('test')
  t.equal(await isSettled(begun), false)
  t.strictSame(order, [])
  gate.open()
  t.equal((await held).body, 'finished')
  const report = await begun
  t.match(report, { verdict: 'clean' })
  t.strictSame(report.participants.items.map(({ name }) => name).sort(), ['fastify', 'fastify 2', 'pool'])
  t.strictSame(order.slice(0, 2).sort(), ['first', 'second'])
  t.strictSame(order.slice(2), ['pool'])
})

t.test('closing one of them closes the other', async (t) => {
  const shutdown = createShutdown({ logger })
  const [first, second] = [await open(t, shutdown), await open(t, shutdown)]
  await listen(first)
  await listen(second)
  await first.close()
  t.equal(shutdown.phase, 'stopped')
  t.equal(second.server.listening, false)
})

t.test('two apps with an instance of their own each: closing one leaves the other', async (t) => {
  const apps = [fastify(), fastify()] as const
  for (const app of apps) {
    t.teardown(() => app.close())
    await app.register(lastcall)
    await listen(app)
  }
  await apps[0].close()
  t.equal(apps[1].shutdown.phase, 'running')
  t.equal((await ask({ port: (apps[1].server.address() as AddressInfo).port }, '/readyz')).status, 200)
})

t.test('a signal closes two apps in step: both drain before anything closes', async (t) => {
  const program = startProgram(t, [fixture('two-apps')])
  const ports = (await program.line('ports')).split(' ').slice(1).map(Number)
  const held = ask({ port: ports[1] ?? 0 }, '/held')
  await program.line('held')
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  program.signal('SIGUSR2')
  t.match(await held, { status: 200, body: '{"pool":"open"}' })
  const { code, lines, log } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines.slice(1), ['held', 'pool closed'])
  t.strictSame(
    log.filter((entry) => entry['phase'] === 'releasing').map((entry) => entry['after']),
    ['nothing is in flight', 'nothing is in flight'],
  )
})
