import { ask, connect, phase } from '@lastcall/testing'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { create, listen } from './serve.js'

for (const { version, express } of frameworks) {
  t.test(version, async (t) => {
    t.test('ready from listen on', async (t) => {
      const { middleware } = create()
      const { port } = await listen(t, express().use(middleware))
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      t.match(await ask({ port }, '/readyz'), {
        status: 200,
        body: '{"status":"ok","phase":"running"}',
        headers,
      })
      t.match(await ask({ port }, '/livez?verbose'), { status: 200, headers })
      t.equal((await ask({ port }, '/livez', 'POST')).status, 404)
      t.equal((await ask({ port }, '/other')).status, 404)
    })

    t.test('manualReady leaves it to the app to say so', async (t) => {
      const { middleware } = create({ manualReady: true })
      const { port } = await listen(t, express().use(middleware))
      t.equal((await ask({ port }, '/readyz')).status, 503)
      t.equal((await ask({ port }, '/livez')).status, 200)
      middleware.shutdown.ready()
      t.equal((await ask({ port }, '/readyz')).status, 200)
    })

    t.test('at paths of your own, one of them or none', async (t) => {
      const paths = [
        {
          probes: { live: '/alive', ready: false },
          answers: { '/alive': 200, '/readyz': 404, '/livez': 404 },
        },
        { probes: { ready: '/health' }, answers: { '/health': 200, '/livez': 200, '/readyz': 404 } },
        { probes: false, answers: { '/livez': 404, '/readyz': 404 } },
      ] as const
      for (const { probes, answers } of paths) {
        const { port } = await listen(t, express().use(create({ probes }).middleware))
        for (const [path, status] of Object.entries(answers))
          t.equal((await ask({ port }, path)).status, status, path)
      }
    })

    const below = {
      'a path': () => express().use('/api', create().middleware),
      'a router at a path': () => express().use('/api', express.Router().use(create().middleware)),
      'a mounted app': () => express().use('/api', express().use(create().middleware)),
    }
    for (const [place, mount] of Object.entries(below)) {
      t.test(`mounted below ${place} they answer below it`, async (t) => {
        const { port } = await listen(t, mount())
        t.equal((await ask({ port }, '/api/readyz')).status, 200)
        t.equal((await ask({ port }, '/api/livez')).status, 200)
        t.equal((await ask({ port }, '/readyz')).status, 404)
      })
    }

    t.test('health checks below a path are no traffic: the lame duck ends in between', async (t) => {
      const { middleware } = create({
        gracePeriodMs: 60_000,
        lameDuck: { minMs: 0, quietMs: 500, maxMs: 15_000 },
      })
      const { port } = await listen(t, express().use('/api', middleware))
      await ask({ port }, '/api/readyz')
      const lastCall = phase(middleware.shutdown, 'last-call')
      const begun = middleware.shutdown.begin('test')
      const statuses: number[] = []
      const check = setInterval(() => {
        ask({ port }, '/api/readyz').then(
          ({ status }) => statuses.push(status),
          // the listener is closed by then
          () => {},
        )
      }, 100)
      await lastCall
      clearInterval(check)
      t.ok(statuses.length > 2)
      t.strictSame([...new Set(statuses)], [503])
      t.equal((await begun).phases.at(0)?.ended, 'quiet')
    })

    t.test('while draining, liveness is 200 and readiness 503', async (t) => {
      const { middleware } = create({ lameDuck: false, lastCall: false })
      const app = express().use('/api', middleware)
      const { port } = await listen(t, app)
      const clients = [connect({ port }), connect({ port })] as const
      t.teardown(() => clients.forEach((client) => client.destroy()))
      for (const client of clients) await client.send('GET', '/api/livez')
      const hold = middleware.shutdown.hold('test')
      const draining = phase(middleware.shutdown, 'draining')
      const begun = middleware.shutdown.begin('test')
      await draining
      const answers = await Promise.all([
        clients[0].send('GET', '/api/livez'),
        clients[1].send('GET', '/api/readyz'),
      ])
      t.strictSame(
        answers.map(({ status }) => status),
        [200, 503],
      )
      hold.release()
      t.match(await begun, { refused: 0 })
    })

    t.test(
      "the app's own route answers at the same path, wherever it is, and that is said once",
      async (t) => {
        const { middleware, logged } = create()
        const app = express().use(middleware)
        const router = express.Router()
        app.use(router)
        const { port } = await listen(t, app)
        t.equal((await ask({ port }, '/livez')).body, '{"status":"ok","phase":"running"}')
        app.get('/readyz', (_req, res) => void res.send('my own'))
        router.route(['/health', '/livez'] as never).all((_req, res) => void res.send('mine too'))
        for (let count = 1; count <= 2; count += 1) {
          t.equal((await ask({ port }, '/readyz')).body, 'my own')
          t.equal((await ask({ port }, '/livez')).body, 'mine too')
        }
        t.strictSame(
          logged.map(({ message }) => message),
          [
            'the app has its own route at /readyz, which answers instead of the probe',
            'the app has its own route at /livez, which answers instead of the probe',
          ],
        )
      },
    )

    t.test('a route beside it in a router answers, one in another router does not', async (t) => {
      const router = express.Router().use(create().middleware)
      router.get('/readyz', (_req, res) => void res.send('my own'))
      const other = express.Router()
      other.get('/livez', (_req, res) => void res.send('another'))
      const app = express().use('/api', router).use('/other', other)
      app.get('/livez', (_req, res) => void res.send("the app's"))
      const { port } = await listen(t, app)
      t.equal((await ask({ port }, '/api/readyz')).body, 'my own')
      t.match(JSON.parse((await ask({ port }, '/api/livez')).body), { status: 'ok' })
    })

    t.test('patterns and routes for writing do not swallow the probes', async (t) => {
      const app = express().use(create().middleware)
      app.get('/:page', (_req, res) => void res.send('a page'))
      app.get(/./, (_req, res) => void res.send('a page'))
      app.post('/readyz', (_req, res) => void res.send('written'))
      const { port } = await listen(t, app)
      t.match(JSON.parse((await ask({ port }, '/readyz')).body), { status: 'ok' })
      t.equal((await ask({ port }, '/about')).body, 'a page')
      t.equal((await ask({ port }, '/readyz', 'POST')).body, 'written')
    })

    t.test("the app's own readiness decides about readiness, not about liveness", async (t) => {
      const answers: (() => boolean | Promise<boolean>)[] = [
        () => false,
        async () => true,
        () => Promise.reject(new Error('no database')),
        () => true,
      ]
      const { middleware } = create({ readiness: () => answers.shift()?.() ?? false })
      const { port } = await listen(t, express().use(middleware))
      const seen: number[] = []
      while (answers.length > 0) seen.push((await ask({ port }, '/readyz')).status)
      t.strictSame(seen, [503, 200, 503, 200])
      t.equal((await ask({ port }, '/livez')).status, 200)
    })
  })
}
