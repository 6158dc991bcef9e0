import { ask } from '@lastcall/testing'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { startFixture } from './start-fixture.js'

t.jobs = 4

const options = { gracePeriodMs: 10_000, lameDuck: false, lastCall: false }
/** Too short for what nobody lets go. */
const short = { ...options, gracePeriodMs: 1_500 }

for (const { title, platform, args } of frameworks) {
  for (const useProcessExit of [false, true]) {
    const app = { platform, hooks: { useProcessExit } }

    t.test(`${title}, useProcessExit ${useProcessExit}: exit 0 although a handle is open`, async (t) => {
      const program = startFixture(t, 'app', { ...app, options, handle: true }, args)
      await program.port()
      program.signal('SIGTERM')
      const { code, signal, report } = await program.ended
      t.strictSame({ code, signal }, { code: 0, signal: null })
      t.match(report, { verdict: 'clean', exitCode: 0 })
    })

    t.test(`${title}, useProcessExit ${useProcessExit}: exit 1 when a request was cut`, async (t) => {
      const program = startFixture(t, 'app', { ...app, options: short }, args)
      const held = ask({ port: await program.port() }, '/held')
      await program.line('handling')
      program.signal('SIGTERM')
      t.match(await held, { status: 503 })
      const { code, signal, report } = await program.ended
      t.strictSame({ code, signal }, { code: 1, signal: null })
      t.match(report, { verdict: 'forced', exitCode: 1 })
    })
  }

  t.test(`${title}: a repeated SIGTERM changes nothing`, async (t) => {
    const program = startFixture(t, 'app', { platform, options }, args)
    const held = ask({ port: await program.port() }, '/held')
    await program.line('handling')
    program.signal('SIGTERM')
    await program.line('"phase":"draining"')
    program.signal('SIGTERM')
    program.tell('go on')
    t.match(await held, { status: 200, body: 'row' })
    const { code, reports } = await program.ended
    t.equal(code, 0)
    t.equal(reports.length, 1)
  })

  t.test(`${title}: a hook that throws is Nest's to report, and the process ends`, async (t) => {
    const program = startFixture(t, 'app', { platform, options, broken: true, handle: true }, args)
    await program.port()
    program.signal('SIGTERM')
    const { code, stdout, stderr } = await program.ended
    t.match(stdout + stderr, /broken hook/)
    t.type(code, 'number')
  })

  t.test(`${title}, control: Nest's own exit is the signal's`, async (t) => {
    const program = startFixture(t, 'app', { platform, control: true }, args)
    await program.port()
    program.signal('SIGTERM')
    t.equal((await program.ended).signal, 'SIGTERM')
  })
}
