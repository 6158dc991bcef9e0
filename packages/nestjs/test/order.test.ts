import { ask } from '@lastcall/testing'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { startFixture } from './start-fixture.js'

t.jobs = 4

const options = { gracePeriodMs: 10_000, lameDuck: false, lastCall: false }
const hooks = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown']
const participants = ['metrics released', 'telemetry released']
const isStep = (line: string): boolean => [...hooks, ...participants].includes(line)

for (const { title, platform, args } of frameworks) {
  t.test(
    `${title}: hooks run in Nest's order when nothing is in flight, then participants are released`,
    async (t) => {
      const program = startFixture(t, 'app', { platform, options }, args)
      const held = ask({ port: await program.port() }, '/held')
      await program.line('handling')
      program.signal('SIGTERM')
      await program.line('"phase":"draining"')
      t.strictSame(program.lines().filter(isStep), [])
      program.tell('go on')
      await held
      const { lines, report, code } = await program.ended
      t.strictSame(lines.filter(isStep), [...hooks, ...participants])
      t.strictSame(report?.participants.items.map(({ name }) => name).sort(), [
        'metrics',
        'nestjs',
        'telemetry',
      ])
      t.equal(code, 0)
    },
  )

  t.test(`${title}: the same for app.close()`, async (t) => {
    const program = startFixture(t, 'app', { platform, options }, args)
    await program.port()
    program.tell('close')
    const { lines, report, code } = await program.ended
    t.strictSame(lines.filter(isStep), [...hooks, ...participants])
    t.match(report, { reason: 'nestjs was closed', verdict: 'clean' })
    t.equal(code, 0)
  })

  for (const [path, reason, exitCode] of [
    ['/begin', 'asked by a handler', 0],
    ['/crash', 'uncaughtException', 1],
  ] as const) {
    t.test(`${title}: the same for ${path.slice(1)}, which begins without Nest`, async (t) => {
      const program = startFixture(t, 'app', { platform, options }, args)
      t.match(await ask({ port: await program.port() }, path), { status: 200, body: 'row' })
      const { lines, report, code } = await program.ended
      t.strictSame(lines.filter(isStep), [...hooks, ...participants])
      t.match(report, { reason })
      t.equal(code, exitCode)
    })
  }

  t.test(
    `${title}: without enableShutdownHooks it is drained, and said that the hooks do not run`,
    async (t) => {
      const program = startFixture(t, 'app', { platform, options, hooks: false }, args)
      const held = ask({ port: await program.port() }, '/held')
      await program.line('handling')
      program.signal('SIGTERM')
      await program.line('"phase":"draining"')
      program.tell('go on')
      t.match(await held, { status: 200, body: 'row' })
      const { lines, log, code } = await program.ended
      t.strictSame(lines.filter(isStep), participants)
      t.match(
        log.filter(({ level }) => level === 'warn'),
        [{ msg: /hooks after it do not run: call app\.enableShutdownHooks\(\)/ }],
      )
      t.equal(code, 0)
    },
  )

  t.test(`${title}: begin() without exit runs no hooks, says so, and the process goes on`, async (t) => {
    const program = startFixture(t, 'app', { platform, options, handle: true }, args)
    await ask({ port: await program.port() }, '/begin-alone')
    await program.line('"report"')
    await program.line('telemetry released')
    t.strictSame(program.lines().filter(isStep), participants)
    program.signal('SIGTERM')
    const { log, signal, code } = await program.ended
    t.match(
      log.filter(({ level }) => level === 'warn'),
      [{ msg: /app\.close\(\) closes an app/ }],
    )
    // nobody of ours is left: what is Nest's goes its own way
    t.strictSame({ signal, code }, { signal: 'SIGTERM', code: null })
  })

  t.test(`${title}: a signal that only Nest listens to closes the app at once`, async (t) => {
    const program = startFixture(t, 'app', { platform, options: { gracePeriodMs: 10_000 } }, args)
    const held = ask({ port: await program.port() }, '/held')
    await program.line('handling')
    program.signal('SIGHUP')
    await program.line('"phase":"draining"')
    t.strictSame(program.lines().filter(isStep), [])
    program.tell('go on')
    t.match(await held, { status: 200, body: 'row' })
    const { lines, signal } = await program.ended
    t.strictSame(lines.filter(isStep), [...hooks, ...participants])
    t.equal(signal, 'SIGHUP')
  })

  t.test(`${title}: a module that goes as far out as ours is named at start-up`, async (t) => {
    const program = startFixture(t, 'app', { platform, options, outsider: true }, args)
    await program.port()
    program.signal('SIGTERM')
    const { log } = await program.ended
    t.match(
      log.filter(({ level }) => level === 'warn'),
      [{ module: 'OutsiderModule' }],
    )
  })
}
