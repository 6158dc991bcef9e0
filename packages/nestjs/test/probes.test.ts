import { ask } from '@lastcall/testing'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { startFixture } from './start-fixture.js'

t.jobs = 4

const options = { gracePeriodMs: 10_000, lameDuck: { minMs: 3_000 } }

for (const { title, platform, args } of frameworks) {
  t.test(`${title}: readiness turns 503 at once, liveness stays, everything is served`, async (t) => {
    const program = startFixture(t, 'app', { platform, options }, args)
    const address = { port: await program.port() }
    t.match(await ask(address, '/readyz'), { status: 200, body: /"phase":"running"/ })
    program.signal('SIGTERM')
    await program.line('"phase":"lame-duck"')
    t.match(await ask(address, '/readyz'), { status: 503, body: /"phase":"lame-duck"/ })
    t.match(await ask(address, '/livez'), { status: 200 })
    t.match(await ask(address, '/orders'), { status: 200, body: 'row' })
  })

  t.test(`${title}: outside of prefix, versions, guards and middleware`, async (t) => {
    const program = startFixture(t, 'app', { platform, prefix: 'api', closed: true }, args)
    const address = { port: await program.port() }
    t.match(await ask(address, '/readyz'), { status: 200 })
    t.match(await ask(address, '/livez?verbose'), { status: 200 })
    t.match(await ask(address, '/api/v1/orders'), { status: 401 })
    t.match(await ask(address, '/api/readyz'), { status: 401 })
  })

  t.test(`${title}: a route of the app's at the same path answers, and it is said once`, async (t) => {
    const program = startFixture(t, 'app', { platform, ownProbe: true }, args)
    const address = { port: await program.port() }
    t.match(await ask(address, '/readyz'), { status: 200, body: 'my own' })
    t.match(await ask(address, '/readyz'), { status: 200, body: 'my own' })
    t.match(await ask(address, '/livez'), { status: 200, body: /"phase":"running"/ })
    program.signal('SIGTERM')
    const { log } = await program.ended
    t.equal(log.filter(({ url }) => url === '/readyz').length, 1)
  })

  t.test(`${title}: elsewhere, or nowhere`, async (t) => {
    const probes = { live: '/alive', ready: false }
    const program = startFixture(t, 'app', { platform, options: { probes } }, args)
    const address = { port: await program.port() }
    t.match(await ask(address, '/alive'), { status: 200 })
    t.match(await ask(address, '/readyz'), { status: 404 })
    t.match(await ask(address, '/livez'), { status: 404 })
  })

  t.test(
    `${title}: return503OnClosing and forceCloseConnections are warned about, and nobody is refused`,
    async (t) => {
      const app = { return503OnClosing: true, forceCloseConnections: true }
      const program = startFixture(t, 'app', { platform, options, app }, args)
      const address = { port: await program.port() }
      program.signal('SIGTERM')
      await program.line('"phase":"lame-duck"')
      t.match(await ask(address, '/orders'), { status: 200, body: 'row' })
      const { log, code } = await program.ended
      t.match(
        log.filter(({ level }) => level === 'warn').map(({ msg }) => msg),
        [/^return503OnClosing: /, /^forceCloseConnections: /],
      )
      t.equal(code, 0)
    },
  )
}
