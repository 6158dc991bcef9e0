// The programs of docs/migration.md that have Last Call keep what the page promises.
import assert from 'node:assert/strict'
import { ask, connect, isSettled } from '@lastcall/testing'
import t from 'tap'
import { page, saidByOrders, startFromPage, startSlowOrder, type Name } from './migration-programs.js'

t.jobs = 3

/** Where the probes of each answer, and on which of its servers. */
const probes: Partial<
  Record<Name, { readonly live?: string; readonly ready?: string; readonly apart?: true }>
> = {
  'terminus after': { ready: '/healthcheck' },
  'lightship after': { apart: true },
  'lightship after, at its paths': { live: '/live', ready: '/ready', apart: true },
  'node:http after': {},
  'close-with-grace after': { ready: '/healthz' },
  'fastify-graceful-shutdown after': { ready: '/healthz' },
  'nestjs-graceful-shutdown after': {},
  '@nestjs/terminus after': { ready: '/health' },
}

for (const [name, where] of Object.entries(probes)) {
  const { live = '/livez', ready = '/readyz', apart = false } = where
  t.test(`${name}: what is in flight is answered, the pool ends after it, the exit code is 0`, async (t) => {
    // a key of the table
    const program = await startFromPage(t, name as Name)
    const port = await program.port(`server ${apart ? 2 : 1} listens`)
    const probed = { port: await program.port('server 1 listens') }
    t.match(await ask({ port }, '/orders/7'), { status: 200, body: '{"order":"7"}' })
    t.equal((await ask(probed, ready)).status, 200, ready)
    t.equal((await ask(probed, live)).status, 200, live)

    const { answer } = await startSlowOrder(t, program, port)
    program.signal('SIGTERM')
    await program.line('lame-duck')
    t.equal((await ask(probed, ready)).status, 503, ready)
    t.equal((await ask(probed, live)).status, 200, live)
    t.equal((await ask({ port }, '/orders/8')).status, 200, 'a new connection is served')
    await program.line('draining')
    program.tell('go on')
    t.match(await answer, { status: 200, body: '{"order":"slow"}' })
    const { code, lines, stdout, stderr } = await program.ended
    t.equal(code, 0)
    t.strictSame(saidByOrders(lines), ['reading', 'read', 'pool ends', 'pool ended'])
    t.match(stdout + stderr, 'shutdown on SIGTERM clean')
  })
}

for (const [title, ended, edit] of [
  ['where readiness is asked for', 'quiet', (code) => code],
  ['elsewhere', 'its maximum', (code) => code.replace("{ probes: { ready: '/health' } }", '')],
] satisfies [string, string, (code: string) => string][]) {
  t.test(`lame duck is over when ${ended} if a health check ${title} is asked again and again`, async (t) => {
    const program = await startFromPage(t, '@nestjs/terminus after', { edit })
    const port = await program.port('server 1 listens')
    await ask({ port }, '/readyz')
    const client = connect({ port })
    t.teardown(() => client.destroy())
    await client.send('GET', '/health')
    program.signal('SIGTERM')
    await program.line('lame-duck')
    t.match(await client.send('GET', '/health'), { status: 503, body: /"shutdown":\{"status":"down"/ })
    const isOver = program.line('last-call')
    for (let over = false; !over; over = await isSettled(isOver)) await client.send('GET', '/health')
    t.match(await isOver, `"after":"${ended}"`)
    client.destroy()
    t.equal((await program.ended).code, 0)
  })
}

t.test('a handler of the consumer is called at the signal', async (t) => {
  const program = await startFromPage(t, 'fastify-graceful-shutdown after')
  await program.port('server 1 listens')
  program.signal('SIGTERM')
  t.ok((await program.ended).lines.includes('consumer pauses on SIGTERM'))
})

/** A line of what the page says of mistakes. */
const mistake = (start: string): string => {
  const line = page
    .slice(page.indexOf('## Mistakes'))
    .split('\n')
    .find((one) => one.startsWith(start))
  return `${line ?? assert.fail(start)}\n`
}

t.test('an old listener that stays is warned about, and the exit code is 1', async (t) => {
  const listener = mistake("process.once('SIGTERM', ")
  const program = await startFromPage(t, 'node:http after', { edit: (code) => code + listener })
  const port = await program.port('server 1 listens')
  const { answer } = await startSlowOrder(t, program, port)
  program.signal('SIGTERM')
  await program.line('lame-duck')
  program.tell('go on')
  // the answer may be on its way when the process ends
  t.not((await answer.catch(() => undefined))?.status, 200)
  const { code, lines, log } = await program.ended
  t.equal(code, 1)
  t.strictSame(saidByOrders(lines), ['reading', 'pool ends', 'pool ended'])
  const [warning, last] = [log[0], log.at(-1)]
  t.match(warning, { level: 'warn', listeners: 1 })
  t.ok(page.includes(`\n${warning?.msg}\n`), 'the page has the warning')
  t.ok(page.includes(`\`${last?.msg}\``), 'and what is logged last')
  t.match(last, { pending: Array })
})

t.test('a pool that is ended twice fails the shutdown, and the report names who was second', async (t) => {
  const second = mistake('app.shutdown.register(')
  const program = await startFromPage(t, 'close-with-grace after', {
    edit: (code) => code.replace("app.addHook('onClose'", `${second}app.addHook('onClose'`),
  })
  await program.port('server 1 listens')
  program.signal('SIGTERM')
  const { code, report } = await program.ended
  t.equal(code, 1)
  t.match(report, { verdict: 'failed', participants: { items: [{ name: 'postgres' }] } })
})

const withOldRoute = (code: string): string =>
  code.replace("app.get('/orders", `app.get('/healthz', async () => 'ok')\napp.get('/orders`)

t.test('an old health route that stays answers 200 after the signal, and is logged', async (t) => {
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1' }
  const program = await startFromPage(t, 'close-with-grace after', { env, edit: withOldRoute })
  const port = await program.port('server 1 listens')
  const said = await program.line('instead of the probe')
  t.ok(page.includes(`\`${JSON.parse(said).msg}\``), said)
  program.signal('SIGTERM')
  await program.line('lame-duck')
  t.match(await ask({ port }, '/healthz'), { status: 200, body: 'ok' })
  t.equal((await program.ended).code, 0)
})

t.test(
  'where no platform is recognised there is no lame duck then, since nobody asks the probe',
  async (t) => {
    const program = await startFromPage(t, 'close-with-grace after', { edit: withOldRoute })
    const port = await program.port('server 1 listens')
    t.equal((await ask({ port }, '/healthz')).status, 200)
    program.signal('SIGTERM')
    t.match(await program.line('last-call'), 'skipped: nobody watches readiness')
    t.equal((await program.ended).code, 0)
  },
)
