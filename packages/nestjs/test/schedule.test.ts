import { ask } from '@lastcall/testing'
import t from 'tap'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

const options = { gracePeriodMs: 20_000, lameDuck: { minMs: 1_500, quietMs: 100 } }

for (const { title, args } of versions) {
  t.test(
    `${title}: no run starts after lame duck has begun, and one in progress is waited for`,
    async (t) => {
      const program = startFixture(t, 'schedule', { options }, args)
      const held = ask({ port: await program.port() }, '/held')
      await program.line('running')
      await program.line('handling')
      await program.line('long run begun')
      program.signal('SIGTERM')
      await program.line('"phase":"draining"')
      t.notOk(program.lines().includes('long run ended'))
      program.tell('go on')
      t.match(await held, { status: 200, body: '0 runs' })
      const { code, report, lines } = await program.ended
      t.ok(lines.includes('long run ended'))
      t.equal(code, 0)
      t.match(report, { verdict: 'clean' })
    },
  )

  t.test(`${title}, control: Nest goes on starting runs until its hooks have run`, async (t) => {
    const program = startFixture(t, 'schedule', { control: true }, args)
    await program.port()
    await program.line('running')
    program.signal('SIGTERM')
    t.ok(await program.line('ran after the signal'))
  })
}
