import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Report } from '@lastcall/core'
import { lastcall, type LastcallOptions } from '@lastcall/fastify'
import {
  ask,
  connect,
  createGate,
  isSettled,
  openSocket,
  phase,
  requestArrived,
  startProgram,
} from '@lastcall/testing'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import t, { type Test } from 'tap'
import { fixture } from './fixture.js'
import { frameworks } from './frameworks.js'

/** What a bare Fastify waits for when a connection was busy as it was closed. */
const keepAliveTimeout = 4_000

for (const { version, fastify } of frameworks) {
  t.test(version, async (t) => {
    const withPlugin = async (
      t: Test,
      options: LastcallOptions = {},
      settings: FastifyServerOptions = {},
    ): Promise<FastifyInstance> => {
      const app = fastify({ keepAliveTimeout, ...settings })
      t.teardown(() => app.close().catch(() => {}))
      await app.register(lastcall, options)
      return app
    }
    const listen = async (app: FastifyInstance): Promise<number> => {
      await app.listen({ port: 0, host: '127.0.0.1' })
      return (app.server.address() as AddressInfo).port
    }

    t.test('app.close() does not wait for an idle keep-alive client', async (t) => {
      const app = await withPlugin(t)
      app.get('/', async () => 'served')
      const client = connect({ port: await listen(app) })
      await client.send('GET', '/')
      const since = performance.now()
      await Promise.all([app.close(), client.closed()])
      t.ok(performance.now() - since < keepAliveTimeout)
    })

    t.test('it waits for the work in flight, and for nothing after it', async (t) => {
      const app = await withPlugin(t)
      const gate = createGate()
      app.get('/held', () => gate.pass())
      app.get('/', async () => 'served')
      const port = await listen(app)
      const idle = connect({ port })
      await idle.send('GET', '/')
      const busy = connect({ port })
      const held = busy.send('GET', '/held')
      await gate.reached

      const closing = app.close()
      t.equal(await isSettled(closing), false)
      gate.open()
      const since = performance.now()
      t.match(await held, { status: 200, body: 'finished', headers: { connection: 'close' } })
      await closing
      t.ok(performance.now() - since < keepAliveTimeout)
      await Promise.all([idle.closed(), busy.closed()])
    })

    t.test('control: without the plugin it waits for keepAliveTimeout', async (t) => {
      const app = fastify({ keepAliveTimeout: 1_000 })
      const gate = createGate()
      app.get('/held', () => gate.pass())
      const { socket, received } = await openSocket(await listen(app))
      socket.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
      await gate.reached
      const closing = app.close()
      t.equal(await isSettled(closing), false)
      const since = performance.now()
      gate.open()
      await closing
      t.ok(performance.now() - since > 900)
      t.match(await received, /finished$/)
    })

    t.test('a late request on an open connection is answered 503', async (t) => {
      const app = await withPlugin(t)
      const gate = createGate()
      app.get('/held', () => gate.pass())
      let late = 0
      app.post('/late', () => {
        late += 1
        return 'late'
      })
      const { socket, received } = await openSocket(await listen(app))
      socket.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
      await gate.reached
      const draining = phase(app.shutdown, 'draining')
      const closing = app.close()
      await draining
      const arrived = requestArrived()
      socket.write('POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}')
      await arrived
      gate.open()
      const [first = '', second = ''] = (await received).split(/(?=HTTP\/1\.1 503)/)
      t.match(first, /^HTTP\/1\.1 200 OK.*finished$/s)
      t.match(second, /^HTTP\/1\.1 503 .*\r\nConnection: close\r\nRetry-After: [123]\r\n.*shutting down/s)
      await closing
      t.equal(late, 0)
    })

    t.test('resources close after the hooks, and are closed when it returns', async (t) => {
      const app = await withPlugin(t)
      const order: string[] = []
      app.shutdown.register('pool', async () => {
        await new Promise((resolve) => setImmediate(resolve))
        order.push('pool')
      })
      app.addHook('preClose', async () => void order.push('preClose'))
      app.addHook('onClose', async () => void order.push('onClose'))
      await listen(app)
      await app.close()
      t.strictSame(order, ['preClose', 'onClose', 'pool'])
      t.equal(app.server.listening, false)
    })

    t.test('it leaves the process alone', async (t) => {
      const count = (): number[] =>
        ['SIGTERM', 'SIGINT', 'uncaughtException', 'exit'].map((event) => process.listenerCount(event))
      const before = count()
      const app = await withPlugin(t)
      await listen(app)
      t.equal(process.listenerCount('SIGTERM'), Number(before[0]) + 1)
      await app.close()
      t.strictSame(count(), before)
      t.equal(process.exitCode, undefined)
    })

    t.test('before listen and before ready', async (t) => {
      const before = process.listenerCount('SIGTERM')
      for (const isBooted of [false, true]) {
        const app = await withPlugin(t)
        const order: string[] = []
        app.shutdown.register('pool', () => void order.push('pool'))
        app.addHook('onClose', async () => void order.push('onClose'))
        if (isBooted) await app.ready()
        await app.close()
        t.strictSame(order, ['onClose', 'pool'])
        t.equal(app.shutdown.phase, 'stopped')
      }
      t.equal(process.listenerCount('SIGTERM'), before)
    })

    t.test('twice', async (t) => {
      const app = await withPlugin(t)
      let closed = 0
      app.addHook('onClose', async () => void (closed += 1))
      await listen(app)
      await Promise.all([app.close(), app.close()])
      await app.close()
      t.equal(closed, 1)
    })

    t.test('an onClose hook that throws makes it reject, and the rest closes all the same', async (t) => {
      const before = process.listenerCount('SIGTERM')
      const app = await withPlugin(t)
      const order: string[] = []
      app.shutdown.register('pool', () => void order.push('pool'))
      app.addHook('onClose', async () => void order.push('first to be added'))
      app.addHook('onClose', async () => {
        throw new Error('the hook failed')
      })
      await listen(app)
      await t.rejects(app.close(), { message: 'the hook failed' })
      t.strictSame(order, ['first to be added', 'pool'])
      t.equal(process.listenerCount('SIGTERM'), before)
    })

    t.test('begin() closes the app, and does not end the process', async (t) => {
      const reports: Report[] = []
      const app = await withPlugin(t, { onReport: (report) => void reports.push(report) })
      const order: string[] = []
      app.shutdown.register('pool', () => void order.push('pool'))
      app.addHook('onClose', async () => void order.push('onClose'))
      await listen(app)
      const report = await app.shutdown.begin('upgrade')
      t.match(report, { reason: 'upgrade', verdict: 'clean', exitCode: 0 })
      t.strictSame(reports, [report])
      t.strictSame(order, ['onClose', 'pool'])
      t.equal(app.server.listening, false)
      await app.close()
      t.equal(process.exitCode, undefined)
    })

    t.test('begin() reports an onClose hook that throws', async (t) => {
      const app = await withPlugin(t)
      app.addHook('onClose', async () => {
        throw new Error('the hook failed')
      })
      await listen(app)
      t.match(await app.shutdown.begin('upgrade'), {
        verdict: 'failed',
        exitCode: 1,
        participants: { items: [{ name: 'fastify', error: 'the hook failed' }] },
      })
    })

    t.test('app.close() joins a begin() that is under way', async (t) => {
      const app = await withPlugin(t)
      const gate = createGate()
      app.get('/held', () => gate.pass())
      const port = await listen(app)
      const held = ask({ port }, '/held')
      await gate.reached
      const begun = app.shutdown.begin('upgrade')
      const closing = app.close()
      t.equal(await isSettled(closing), false)
      gate.open()
      t.equal((await held).body, 'finished')
      await closing
      t.match(await begun, { reason: 'upgrade', verdict: 'clean' })
    })

    t.test('an app that fails to start can be closed', async (t) => {
      const before = process.listenerCount('SIGTERM')
      const app = await withPlugin(t)
      app.shutdown.register('queue', { dependsOn: ['nobody'] })
      await t.rejects(listen(app), {
        code: 'ERR_LASTCALL_UNKNOWN',
        message: "Participant 'queue' depends on 'nobody', which nobody registered",
      })
      t.equal(app.server.listening, false)
      await app.close()
      t.equal(process.listenerCount('SIGTERM'), before)
    })

    t.test('inject works until the app closes', async (t) => {
      const app = await withPlugin(t, { lameDuck: { minMs: 100, maxMs: 100 } })
      app.get('/', async () => 'served')
      const inject = async (): Promise<string> => (await app.inject({ url: '/' })).body
      t.equal(await inject(), 'served')
      const client = connect({ port: await listen(app) })
      await client.send('GET', '/')
      t.equal(await inject(), 'served')

      const hold = app.shutdown.hold('job')
      const [lastCall, draining] = [phase(app.shutdown, 'last-call'), phase(app.shutdown, 'draining')]
      const begun = app.shutdown.begin('test')
      t.equal(app.shutdown.phase, 'lame-duck')
      t.equal(await inject(), 'served')
      await lastCall
      t.equal(await inject(), 'served')
      await draining
      t.equal(await inject(), 'served')
      hold.release()
      await begun
      await t.rejects(inject(), { code: 'FST_ERR_REOPENED_CLOSE_SERVER' })
    })

    t.test('a client that goes away in the middle is not waited for', async (t) => {
      const app = await withPlugin(t)
      const gate = createGate()
      app.get('/held', () => gate.pass())
      const { socket } = await openSocket(await listen(app))
      socket.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
      await gate.reached
      const closing = app.close()
      t.equal(await isSettled(closing), false)
      socket.destroy()
      await once(socket, 'close')
      await closing
      t.pass()
      gate.open()
    })
  })
}

t.test('100 apps opened and closed leave nothing behind, and the process ends by itself', async (t) => {
  const { code, lines } = await startProgram(t, [fixture('many-apps')]).ended
  t.equal(code, 0)
  t.strictSame(lines, [
    'listeners before: 0',
    'listeners with an app: 2',
    'listeners after: 0',
    'channel: false',
  ])
})
