// What docs/migration.md says of the programs before: with a request in flight each gets SIGTERM.
import { readFileSync } from 'node:fs'
import { ask, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { page, saidByOrders, startFromPage, startSlowOrder, type Name } from './migration-programs.js'

t.jobs = 3

const readInstalled = (path: string): string =>
  readFileSync(new URL(`../node_modules/${path}`, import.meta.url), 'utf8')

const versionOf = (name: string): string =>
  (JSON.parse(readInstalled(`${name}/package.json`)) as { readonly version: string }).version

t.test('the page names the versions that are run', async (t) => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const rows = [...page.matchAll(/^\| \[`([^`]+)`\]\(#\S+\) \| ([\d.]+) \|/gm)]
  t.equal(rows.length, 9)
  for (const [, name = '', version] of rows) {
    const installed = dependencies[name] === 'catalog:' ? versionOf(name) : dependencies[name]
    t.equal(version, installed, name)
  }
})

t.test('terminus: serves for its delay, cuts after its timeout, exits with 0', async (t) => {
  const program = await startFromPage(t, 'terminus before')
  const port = await program.port('server 1 listens')
  t.match(await ask({ port }, '/healthcheck'), { status: 200, body: /^\{"status":"ok"/ })
  const { answer } = await startSlowOrder(t, program, port)
  program.signal('SIGTERM')
  await t.resolves(untilStatus(port, '/healthcheck', 503))
  t.equal((await ask({ port }, '/orders/8')).status, 200)
  await t.rejects(answer, { code: 'ECONNRESET' })
  program.tell('go on')
  const { code, lines } = await program.ended
  t.equal(code, 0)
  t.strictSame(saidByOrders(lines), ['reading', 'pool ends', 'pool ended'])
})

t.test('terminus: without useExit0 the process ends by the signal', async (t) => {
  const program = await startFromPage(t, 'terminus before', {
    edit: (code) => code.replace(/^ {2}(?:beforeShutdown|useExit0).*\n/gm, ''),
  })
  await program.port('server 1 listens')
  program.signal('SIGTERM')
  t.match(await program.ended, { code: null, signal: 'SIGTERM' })
})

const inKubernetes = { KUBERNETES_SERVICE_HOST: '10.0.0.1', LIGHTSHIP_PORT: '0' }

t.test(
  'lightship: both probes fail at the signal, the pool ends under the request, exit code 1',
  async (t) => {
    const program = await startFromPage(t, 'lightship before', { env: inKubernetes })
    const probed = { port: await program.port('server 1 listens') }
    const port = await program.port('server 2 listens')
    await untilStatus(probed.port, '/ready', 200)
    t.equal((await ask(probed, '/live')).status, 200)
    const { answer, idle } = await startSlowOrder(t, program, port)
    program.signal('SIGTERM')
    await untilStatus(probed.port, '/ready', 500)
    t.match(await ask(probed, '/live'), { status: 500, body: 'SERVER_IS_SHUTTING_DOWN' })
    t.equal((await ask({ port }, '/orders/8')).status, 200)
    await program.line('pool ends')
    await idle.closed()
    program.tell('go on')
    t.equal((await answer).status, 500)
    t.equal((await program.ended).code, 1)
  },
)

t.test('lightship: a handler that throws leaves the exit code as it is', async (t) => {
  const program = await startFromPage(t, 'lightship before', {
    env: { LIGHTSHIP_PORT: '0' },
    edit: (code) => `${code}lightship.registerShutdownHandler(() => Promise.reject(new Error('no')))\n`,
  })
  await program.port('server 2 listens')
  program.signal('SIGTERM')
  t.equal((await program.ended).code, 0)
})

for (const name of ['stoppable before', 'server.close() before'] satisfies Name[]) {
  t.test(`${name}: refuses and closes what is idle at once, does not say that it goes`, async (t) => {
    const program = await startFromPage(t, name)
    const port = await program.port('server 1 listens')
    await stopAtOnce(t, program, port)
    const { code, lines, tookMs } = await program.ended
    t.equal(code, 0)
    t.strictSame(saidByOrders(lines), ['reading', 'read', 'pool ends', 'pool ended'])
    // the client still has its connection
    if (name === 'server.close() before') t.ok(tookMs > 4_900, `${tookMs} ms`)
  })
}

for (const name of ['http-terminator before', 'lil-http-terminator before'] satisfies Name[]) {
  t.test(`${name}: cuts after a second, resets who comes, and exits with 0`, async (t) => {
    const program = await startFromPage(t, name)
    const port = await program.port('server 1 listens')
    const { answer, idle } = await startSlowOrder(t, program, port)
    program.signal('SIGTERM')
    const since = performance.now()
    await idle.closed()
    await t.rejects(ask({ port }, '/orders/8'), { code: 'ECONNRESET' })
    await t.rejects(answer, { code: 'ECONNRESET' })
    t.ok(performance.now() - since < 4_500, 'not the 5 s of a README')
    program.tell('go on')
    t.equal((await program.ended).code, 0)
  })
}

t.test('the README of http-terminator says 5 s', async (t) => {
  t.match(readInstalled('http-terminator/README.md'), '(default: 5000)')
})

for (const [name, last] of [
  ['close-with-grace before', 'killed by timeout (10000ms)'],
  ['fastify-graceful-shutdown before', 'Terminate process after timeout'],
] satisfies [Name, string][]) {
  t.test(`${name}: a client that keeps its connection keeps hooks from running, exit code 1`, async (t) => {
    const program = await startFromPage(t, name)
    const port = await program.port('server 1 listens')
    t.equal((await ask({ port }, '/healthz')).status, 200)
    await stopAtOnce(t, program, port)
    const { code, lines, stdout, stderr } = await program.ended
    t.equal(code, 1)
    t.strictSame(saidByOrders(lines), ['reading', 'read'])
    t.match(stdout + stderr, last)
    t.equal(lines.includes('consumer pauses on SIGTERM'), name === 'fastify-graceful-shutdown before')
  })
}

for (const name of ['nestjs-graceful-shutdown before', '@nestjs/terminus before'] satisfies Name[]) {
  t.test(`${name}: the pool ends under the request, which is answered 500, as is who comes`, async (t) => {
    const program = await startFromPage(t, name)
    const port = await program.port('server 1 listens')
    t.equal((await ask({ port }, '/orders/7')).status, 200)
    const { answer, client, idle } = await startSlowOrder(t, program, port)
    program.signal('SIGTERM')
    await program.line('pool ends')
    t.equal((await ask({ port }, '/orders/8')).status, 500)
    const hasHealth = name === '@nestjs/terminus before'
    if (hasHealth) t.equal((await ask({ port }, '/health')).status, 200, 'health knows nothing of it')
    program.tell('go on')
    t.equal((await answer).status, 500)
    if (hasHealth) {
      await program.line('Awaiting 1000ms before shutdown')
      t.equal((await ask({ port }, '/orders/9')).status, 500)
      t.equal((await ask({ port }, '/health')).status, 503)
    }
    client.destroy()
    idle.destroy()
    t.match(await program.ended, { code: null, signal: 'SIGTERM' })
  })
}

/** What is idle is closed, who comes is refused, and who is answered is not told to go. */
async function stopAtOnce(t: Test, program: Program, port: number): Promise<void> {
  const { answer, idle } = await startSlowOrder(t, program, port)
  program.signal('SIGTERM')
  await idle.closed()
  // the listener may be about to close
  await t.rejects(ask({ port }, '/orders/8'), { code: /^ECONN(?:REFUSED|RESET)$/ })
  program.tell('go on')
  t.match(await answer, { status: 200, headers: { connection: 'keep-alive' } })
}

/** The signal is on its way, and so is the start. */
async function untilStatus(port: number, path: string, wanted: number): Promise<void> {
  while ((await ask({ port }, path)).status !== wanted);
}
