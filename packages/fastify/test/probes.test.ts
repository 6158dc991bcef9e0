import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { lastcall, type LastcallOptions } from '@lastcall/fastify'
import { ask, connect, createGate, openSocket, phase, requestArrived } from '@lastcall/testing'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import t, { type Test } from 'tap'
import { frameworks } from './frameworks.js'

/** Lasts as long as requests come. */
const lameDuck = { minMs: 0, quietMs: 500, maxMs: 10_000 }

for (const { version, fastify } of frameworks) {
  t.test(version, async (t) => {
    const logged: string[] = []
    const create = (t: Test): FastifyInstance => {
      logged.length = 0
      const stream = new Writable({
        write(chunk, _encoding, done) {
          logged.push((JSON.parse(String(chunk)) as { msg: string }).msg)
          done()
        },
      })
      const app = fastify({ logger: { stream } })
      t.teardown(() => app.close())
      return app
    }
    const withPlugin = async (t: Test, options?: LastcallOptions): Promise<FastifyInstance> => {
      const app = create(t)
      await app.register(lastcall, options ?? {})
      return app
    }
    const listen = async (app: FastifyInstance): Promise<number> => {
      await app.listen({ port: 0, host: '127.0.0.1' })
      return (app.server.address() as AddressInfo).port
    }
    const status = async (app: FastifyInstance, url: string): Promise<number> => {
      const { statusCode } = await app.inject({ url })
      return statusCode
    }

    t.test('ready from listen on, live before', async (t) => {
      const app = await withPlugin(t)
      t.match(await app.inject({ url: '/readyz' }), {
        statusCode: 503,
        body: '{"status":"unavailable","phase":"starting"}',
      })
      t.match(await app.inject({ url: '/livez' }), {
        statusCode: 200,
        body: '{"status":"ok","phase":"starting"}',
      })
      const port = await listen(app)
      t.match(await ask({ port }, '/readyz'), {
        status: 200,
        body: '{"status":"ok","phase":"running"}',
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      })
    })

    t.test('manualReady leaves it to the app to say so', async (t) => {
      const app = await withPlugin(t, { manualReady: true })
      const port = await listen(app)
      t.equal((await ask({ port }, '/readyz')).status, 503)
      t.equal((await ask({ port }, '/livez')).status, 200)
      app.shutdown.ready()
      t.equal((await ask({ port }, '/readyz')).status, 200)
    })

    t.test('readiness is 503 the moment that a shutdown begins, everything else is served', async (t) => {
      const app = await withPlugin(t, { gracePeriodMs: 30_000, lameDuck })
      app.get('/orders', async () => 'served')
      const address = { port: await listen(app) }
      const client = connect(address)
      t.teardown(() => client.destroy())
      t.equal((await client.send('GET', '/readyz')).status, 200)
      void app.shutdown.begin('test')
      t.equal(await status(app, '/readyz'), 503)
      t.equal((await client.send('GET', '/readyz')).status, 503)
      t.equal((await client.send('GET', '/livez')).status, 200)
      t.equal((await client.send('GET', '/orders')).body, 'served')
      t.equal((await ask(address, '/orders')).body, 'served')
    })

    t.test('live while draining, on a connection that is still open', async (t) => {
      const app = await withPlugin(t, { lameDuck: false, lastCall: false })
      const gate = createGate()
      app.get('/held', () => gate.pass())
      const { socket, received } = await openSocket(await listen(app))
      socket.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
      await gate.reached
      const draining = phase(app.shutdown, 'draining')
      void app.shutdown.begin('test')
      await draining
      const arrived = requestArrived()
      socket.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n')
      await arrived
      gate.open()
      t.match(await received, /finished.*HTTP\/1.1 200 OK.*"phase":"draining"/s)
    })

    t.test('a GET with a query and a HEAD are probes, a POST is not', async (t) => {
      const app = await withPlugin(t)
      const address = { port: await listen(app) }
      t.equal((await ask(address, '/readyz?verbose=1')).status, 200)
      t.match(await ask(address, '/readyz', 'HEAD'), { status: 200, body: '' })
      t.match(await ask(address, '/livez', 'HEAD'), {
        status: 200,
        body: '',
        headers: { 'content-length': /\d/ },
      })
      t.equal((await ask(address, '/livez', 'POST')).status, 404)
      t.equal((await ask(address, '/livez/x')).status, 404)
    })

    t.test('at paths of your own', async (t) => {
      const app = await withPlugin(t, { probes: { live: '/alive', ready: '/internal/ready' } })
      t.equal(await status(app, '/alive'), 200)
      t.equal(await status(app, '/internal/ready'), 503)
      t.equal(await status(app, '/livez'), 404)
      t.equal(await status(app, '/readyz'), 404)
    })

    t.test('one of them turned off', async (t) => {
      const app = await withPlugin(t, { probes: { live: false } })
      t.equal(await status(app, '/livez'), 404)
      t.equal(await status(app, '/readyz'), 503)
    })

    t.test('both turned off', async (t) => {
      const app = await withPlugin(t, { probes: false })
      t.equal(await status(app, '/livez'), 404)
      t.equal(await status(app, '/readyz'), 404)
    })

    for (const when of ['before', 'after']) {
      t.test(`the app's own route, added ${when} the plugin, answers, and it is logged`, async (t) => {
        const app = create(t)
        const addRoute = (): void => void app.get('/readyz', async () => 'my own')
        if (when === 'before') addRoute()
        await app.register(lastcall)
        if (when === 'after') addRoute()
        t.match(await app.inject({ url: '/readyz' }), { statusCode: 200, body: 'my own' })
        t.equal(await status(app, '/livez'), 200)
        t.ok(logged.includes('the app has its own route at /readyz, which answers instead of the probe'))
        t.notOk(logged.some((message) => message.includes('/livez,')))
      })
    }

    t.test('a route in a child plugin answers too', async (t) => {
      const app = await withPlugin(t)
      await app.register(async (child) => void child.get('/livez', async () => 'my own'))
      t.equal((await app.inject({ url: '/livez' })).body, 'my own')
    })

    for (const url of ['/*', '/:page', '/:page(^[a-z]+$)']) {
      t.test(`a route at ${url} does not swallow the probes`, async (t) => {
        const app = await withPlugin(t)
        app.get(url, async () => 'a page')
        t.equal(await status(app, '/readyz'), 503)
        t.equal(await status(app, '/livez'), 200)
        t.equal((await app.inject({ url: '/about' })).body, 'a page')
        t.notOk(logged.some((message) => message.includes('its own route')))
      })
    }

    t.test("the app's not-found handlers go on answering what is no probe", async (t) => {
      const app = await withPlugin(t)
      app.setNotFoundHandler((_request, reply) => void reply.code(404).send('root'))
      await app.register(
        async (child) => {
          child.setNotFoundHandler((_request, reply) => void reply.code(404).send('child'))
        },
        { prefix: '/api' },
      )
      t.match(await app.inject({ url: '/nothing' }), { statusCode: 404, body: 'root' })
      t.match(await app.inject({ url: '/api/nothing' }), { statusCode: 404, body: 'child' })
      t.match(await app.inject({ url: '/api/livez' }), { statusCode: 404, body: 'child' })
      t.equal(await status(app, '/livez'), 200)
      t.equal(await status(app, '/readyz'), 503)
    })

    t.test('below the prefix of a child plugin', async (t) => {
      const app = await withPlugin(t, { probes: { ready: '/api/ready' } })
      await app.register(
        async (child) => {
          child.setNotFoundHandler((_request, reply) => void reply.code(404).send('child'))
        },
        { prefix: '/api' },
      )
      t.equal(await status(app, '/api/ready'), 503)
      t.equal((await app.inject({ url: '/api/other' })).body, 'child')
    })

    for (const prefix of ['', '/api']) {
      t.test(
        `registered in a child plugin with the prefix '${prefix}', they answer at the root`,
        async (t) => {
          const app = create(t)
          const service: FastifyPluginAsync = async (child) => {
            await child.register(lastcall)
          }
          await app.register(service, { prefix })
          t.equal(await status(app, '/readyz'), 503)
          const port = await listen(app)
          t.equal((await ask({ port }, '/readyz')).status, 200)
          t.equal((await ask({ port }, '/livez')).status, 200)
          t.equal((await ask({ port }, '/nothing')).status, 404)
        },
      )
    }

    t.test("the app's own readiness decides about readiness, not about liveness", async (t) => {
      const answers: (() => boolean | Promise<boolean>)[] = [
        () => false,
        async () => true,
        () => Promise.reject(new Error('no database')),
        () => {
          throw new Error('no database')
        },
        () => true,
      ]
      const app = await withPlugin(t, { readiness: () => answers.shift()?.() ?? false })
      const address = { port: await listen(app) }
      const seen: number[] = []
      while (answers.length > 0) seen.push((await ask(address, '/readyz')).status)
      t.strictSame(seen, [503, 200, 503, 503, 200])
      t.equal((await ask(address, '/livez')).status, 200)
    })

    t.test('a readiness that never answers counts as no', async (t) => {
      const app = await withPlugin(t, { readiness: () => new Promise(() => {}) })
      t.equal((await ask({ port: await listen(app) }, '/readyz')).status, 503)
    })
  })
}
