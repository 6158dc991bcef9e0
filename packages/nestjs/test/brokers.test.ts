import t from 'tap'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

const options = { gracePeriodMs: 20_000, lameDuck: { minMs: 1_000, quietMs: 100 } }

for (const { title, args } of versions) {
  t.test(
    `${title}: from a broker nothing is taken from lame duck on, and what is in hand is finished`,
    async (t) => {
      const program = startFixture(t, 'broker', { options }, args)
      await program.line('consuming')
      // before the app is ready, too
      program.tell('early')
      await program.line('settled early')
      program.signal('SIGUSR2')
      await program.port()
      program.tell('long')
      await program.line('begun long')
      program.signal('SIGTERM')
      await program.line('"phase":"lame-duck"')
      program.tell('late')
      await program.line('"phase":"draining"')
      t.notOk(program.lines().includes('begun late'))
      program.signal('SIGUSR2')
      const { report, code, lines } = await program.ended
      t.ok(lines.includes('ended long with a row'))
      t.notOk(
        lines.some((line) => line.includes('late')),
        'neither begun nor settled',
      )
      t.match(report, { verdict: 'clean' })
      t.equal(code, 0)
    },
  )

  t.test(`${title}, control: Nest takes on while its database is closed`, async (t) => {
    const program = startFixture(t, 'broker', { control: true }, args)
    await program.line('consuming')
    program.signal('SIGUSR2')
    await program.port()
    program.tell('long')
    await program.line('begun long')
    program.signal('SIGTERM')
    await program.ended
    t.notOk(program.lines().includes('ended long with a row'))
  })
}
