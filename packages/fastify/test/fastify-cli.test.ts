import { createRequire } from 'node:module'
import { ask, clientCount, messages, startProgram, startTraffic, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { fixture } from './fixture.js'

t.jobs = 3

const cli = createRequire(import.meta.url).resolve('fastify-cli/cli.js')

const start = (t: Test, ...args: string[]): Program =>
  startProgram(
    t,
    [cli, 'start', '--log-level', 'info', '--address', '127.0.0.1', ...args, fixture('cli-app')],
    {
      env: { PORT: '0' },
    },
  )

t.test('fastify start: the probes answer at the root', async (t) => {
  const port = await start(t).port()
  t.equal((await ask({ port }, '/livez')).status, 200)
  t.equal((await ask({ port }, '/readyz')).status, 200)
})

t.test('with a --close-grace-delay that is long enough, SIGTERM loses nothing', async (t) => {
  const program = start(t, '--close-grace-delay', '20000')
  const address = { port: await program.port() }
  await ask(address, '/readyz')
  const traffic = await startTraffic(address, '/orders')
  program.signal('SIGTERM')
  const { lost, refused } = await traffic.end
  t.strictSame(lost, [])
  t.equal(refused, clientCount)
  const { code, lines, report } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines, ['onClose', 'pool closed'])
  t.match(report, { reason: 'SIGTERM', verdict: 'clean', refused: 0 })
  // it closes the app itself in the turn of the signal: that joins, and the lame duck keeps its length
  const lameDuck = report?.phases[0]
  t.match(lameDuck, { phase: 'lame-duck', skipped: false })
  t.ok((lameDuck?.tookMs ?? 0) >= (report?.budget.lameDuck.minMs ?? Infinity))
})

t.test('with its default of 500 ms it ends the process in the middle, and it is logged', async (t) => {
  const program = start(t)
  const port = await program.port()
  const held = ask({ port }, '/held')
  await program.line('held')
  program.signal('SIGTERM')
  await t.rejects(held, { code: 'ECONNRESET' })
  const ended = await program.ended
  t.equal(ended.code, 1)
  t.match(ended.stdout + ended.stderr, 'killed by timeout (500ms)')
  t.ok(messages(ended).includes('the process ended in the middle of a shutdown, exiting with 1'))
  t.notOk(ended.lines.includes('pool closed'))
})

t.test('a second signal makes it exit 1 at once', async (t) => {
  const program = start(t, '--close-grace-delay', '20000')
  const port = await program.port()
  const held = ask({ port }, '/held')
  await program.line('held')
  program.signal('SIGTERM')
  await program.line('"phase":"lame-duck"')
  program.signal('SIGTERM')
  await t.rejects(held, { code: 'ECONNRESET' })
  const { code, stdout, stderr } = await program.ended
  t.equal(code, 1)
  t.match(stdout + stderr, 'second SIGTERM, exiting')
})

t.test('other listeners to SIGTERM are warned about', async (t) => {
  const program = start(t)
  await program.port()
  t.match(await program.line('something else listens to SIGTERM'), '"listeners":1')
})
