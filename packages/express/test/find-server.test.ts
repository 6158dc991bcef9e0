import { createServer, type RequestListener } from 'node:http'
import { createShutdown } from '@lastcall/core'
import { drainServer } from '@lastcall/core/http'
import { lastcall, type LastcallMiddleware } from '@lastcall/express'
import { ask, connect, createGate, phase } from '@lastcall/testing'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { create, listen } from './serve.js'

for (const { version, express } of frameworks) {
  t.test(version, async (t) => {
    const places: Record<string, (middleware: LastcallMiddleware) => RequestListener> = {
      'in the app': (middleware) => express().use(middleware),
      'below a path': (middleware) => express().use('/api', middleware),
      'in a router': (middleware) => express().use(express.Router().use(middleware)),
      'in a router of a router': (middleware) =>
        express().use('/a', express.Router().use('/b', express.Router().use(middleware))),
      'in a route': (middleware) => {
        const app = express()
        app.route('/orders').all(middleware)
        return app
      },
      'wrapped by instrumentation that keeps its properties': (middleware) =>
        express().use(
          Object.assign((...args: Parameters<typeof middleware>) => middleware(...args), middleware),
        ),
    }
    for (const [place, mount] of Object.entries(places)) {
      t.test(`${place} it is ready as soon as the server listens`, async (t) => {
        const { middleware } = create()
        const { server } = await listen(t, mount(middleware))
        t.equal(middleware.shutdown.phase, 'running')
        await middleware.shutdown.begin('test')
        t.equal(server.listening, false)
      })
    }

    const hidden: Record<string, (middleware: LastcallMiddleware) => RequestListener> = {
      'in a mounted app': (middleware) => express().use(express().use(middleware)),
      'in an app behind a function': (middleware) => {
        const app = express().use(middleware)
        return (req, res) => app(req, res)
      },
      'behind a function of its own': (middleware) =>
        express().use((req, res, next) => void middleware(req, res, next)),
    }
    for (const [place, mount] of Object.entries(hidden)) {
      t.test(`${place} it is ready with the first request, which is counted`, async (t) => {
        const { middleware, logged } = create({ readiness: async () => (await gate.pass()) !== '' })
        const gate = createGate()
        const { port } = await listen(t, mount(middleware))
        t.equal(middleware.shutdown.phase, 'starting')
        const probe = ask({ port }, '/readyz')
        await gate.reached
        t.equal(middleware.shutdown.phase, 'running')
        const draining = phase(middleware.shutdown, 'draining')
        const begun = middleware.shutdown.begin('test')
        await draining
        gate.open()
        await probe
        t.match(await begun, { verdict: 'clean' })
        t.match(logged.find(({ message }) => message === 'lame-duck')?.details, { inFlight: 1 })
      })
    }

    t.test('requests that arrive together before the server is found are all counted', async (t) => {
      const { middleware, logged } = create({ lameDuck: false, lastCall: false })
      const [before, after] = [createGate(), createGate()]
      let waiting = 0
      const app = express()
      app.use(async (_req, _res, next) => {
        waiting += 1
        if (waiting === 3) before.open()
        await before.pass()
        next()
      })
      app.use(middleware)
      app.get('/', async (_req, res) => res.send(await after.pass()))
      const { port } = await listen(t, (req, res) => app(req, res))
      const answers = Promise.all([1, 2, 3].map(() => ask({ port }, '/')))
      await after.reached
      await new Promise((resolve) => setImmediate(resolve))
      const draining = phase(middleware.shutdown, 'draining')
      const begun = middleware.shutdown.begin('test')
      await draining
      t.match(logged.find(({ message }) => message === 'lame-duck')?.details, { inFlight: 3 })
      after.open()
      t.strictSame(
        (await answers).map(({ body }) => body),
        ['finished', 'finished', 'finished'],
      )
      t.match(await begun, { verdict: 'clean', cut: { count: 0 } })
    })

    t.test('a connection that was open before its server was found is told to go', async (t) => {
      const { middleware } = create()
      const app = express()
      app.get('/early', (_req, res) => void res.send('early'))
      app.use(middleware)
      app.get('/', (_req, res) => void res.send('late'))
      const { port } = await listen(t, (req, res) => app(req, res))
      const client = connect({ port })
      t.teardown(() => client.destroy())
      t.equal((await client.send('GET', '/early')).body, 'early')
      t.equal((await client.send('GET', '/')).body, 'late')
      const begun = middleware.shutdown.begin('test')
      await client.closed()
      t.match(await begun, { verdict: 'clean' })
    })

    t.test('looking for it does not make a router before the app has its settings', async (t) => {
      create()
      const app = express()
      const { port } = await listen(t, app)
      app.enable('case sensitive routing')
      app.get('/Orders', (_req, res) => void res.send('orders'))
      t.equal((await ask({ port }, '/Orders')).status, 200)
      t.equal((await ask({ port }, '/orders')).status, 404)
    })

    t.test('every server of an app is drained', async (t) => {
      const { middleware } = create()
      const app = express().use(middleware)
      const servers = [await listen(t, app), await listen(t, app)]
      t.match(await middleware.shutdown.begin('test'), { verdict: 'clean' })
      t.strictSame(
        servers.map(({ server }) => server.listening),
        [false, false],
      )
    })

    t.test('one middleware in two apps drains the servers of both', async (t) => {
      const { middleware } = create()
      const servers = [await listen(t, express().use(middleware)), await listen(t, express().use(middleware))]
      await middleware.shutdown.begin('test')
      t.strictSame(
        servers.map(({ server }) => server.listening),
        [false, false],
      )
    })

    t.test('with a server that is attached nothing has to be found', async (t) => {
      const { middleware } = create()
      const app = express().use(middleware)
      const { server } = await listen(t, (req, res) => app(req, res))
      const undo = middleware.attach(server)
      t.equal(middleware.shutdown.phase, 'running')
      t.equal(middleware.attach(server), undo)
      await middleware.shutdown.begin('test')
      t.equal(server.listening, false)
    })

    t.test('attaching what is no server is refused', async (t) => {
      const { middleware } = create()
      t.throws(() => middleware.attach(express() as never), { code: 'ERR_LASTCALL_NOT_A_SERVER' })
    })

    t.test('what attached is undone', async (t) => {
      const { middleware } = create()
      const { server } = await listen(t, () => {})
      middleware.attach(server)()
      await middleware.shutdown.begin('test')
      t.equal(server.listening, true)
    })

    t.test('servers of others are left alone', async (t) => {
      const { middleware } = create()
      const others = [
        await listen(t, express()),
        await listen(t, express().use(express.Router())),
        await listen(t, (_req, res) => void res.end()),
        await listen(t, express().use(create().middleware)),
      ]
      await middleware.shutdown.begin('test')
      t.strictSame(
        others.map(({ server }) => server.listening),
        [true, true, true, true],
      )
    })

    t.test('of two servers with mounted apps neither is taken before a request', async (t) => {
      const { middleware, logged } = create()
      const servers = [
        await listen(t, express().use(express().use(middleware))),
        await listen(t, express().use(express())),
      ]
      await middleware.shutdown.begin('test')
      t.strictSame(
        servers.map(({ server }) => server.listening),
        [true, true],
      )
      t.ok(logged.some(({ message }) => message === 'no server was found that has the middleware'))
    })

    t.test('the only server with a mounted app is taken when the shutdown begins', async (t) => {
      const { middleware } = create()
      const { server } = await listen(t, express().use(express().use(middleware)))
      await listen(t, express())
      await middleware.shutdown.begin('test')
      t.equal(server.listening, false)
    })

    t.test('mounted on an app that listens already, it is found when the shutdown begins', async (t) => {
      const { middleware } = create()
      const app = express()
      const { server } = await listen(t, app)
      app.use(middleware)
      await middleware.shutdown.begin('test')
      t.equal(server.listening, false)
    })

    t.test('a server that the user drains with the same instance is not counted twice', async (t) => {
      const shutdown = createShutdown({
        signals: false,
        crashes: false,
        logger: { info() {}, warn() {}, error() {} },
      })
      const gate = createGate()
      const app = express().use(lastcall({ shutdown }))
      app.get('/', async (_req, res) => res.send(await gate.pass()))
      const server = createServer(app)
      drainServer(server, shutdown)
      const { port } = await listen(t, server)
      const answer = ask({ port }, '/')
      await gate.reached
      const begun = shutdown.begin('test')
      await phase(shutdown, 'draining')
      gate.open()
      t.equal((await answer).body, 'finished')
      t.equal((await begun).phases.at(0)?.inFlight, 1)
    })

    t.test('a server that closes and listens again is found again', async (t) => {
      const { middleware } = create()
      const { server } = await listen(t, express().use(middleware))
      await new Promise((resolve) => server.close(resolve))
      t.equal(server.listenerCount('close'), 0)
      await listen(t, server)
      await middleware.shutdown.begin('test')
      t.equal(server.listening, false)
    })

    t.test('what comes before it in the chain is said, once', async (t) => {
      const { middleware, logged } = create()
      const app = express()
      app.use(function authenticate(_req, _res, next) {
        next()
      })
      app.get('/orders', (_req, res) => void res.send([]))
      app.use(middleware)
      await listen(t, app)
      await listen(t, app)
      t.strictSame(
        logged.map(({ message, details }) => [message, details]),
        [
          [
            'mounted after other middleware: that sees the probes first, and may answer them',
            { after: ['authenticate'] },
          ],
        ],
      )
    })

    t.test('first in the chain nothing is said', async (t) => {
      const { middleware, logged } = create()
      const app = express().use(middleware)
      app.use(express.json())
      await listen(t, app)
      t.strictSame(logged, [])
    })
  })
}
