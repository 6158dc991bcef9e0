import { ask } from '@lastcall/testing'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { startFixture } from './start-fixture.js'

t.jobs = 4

/** A short lame duck, and time for a busy machine. */
const options = {
  gracePeriodMs: 20_000,
  lameDuck: { minMs: 100, quietMs: 100 },
  lastCall: { maxMs: 400, idleMs: 200 },
}

for (const { title, platform, args } of frameworks) {
  for (const database of ['root', 'leaf', 'global'] as const) {
    for (const method of ['GET', 'POST']) {
      t.test(
        `${title}, the database in a ${database} module: a ${method} in flight gets its row`,
        async (t) => {
          const program = startFixture(t, 'app', { platform, database, options }, args)
          const address = { port: await program.port() }
          const held = ask(address, '/held', method)
          await program.line('handling')
          program.signal('SIGTERM')
          await program.line('"phase":"draining"')
          program.tell('go on')
          t.match(await held, { status: 200, body: 'row' })
          const { code, report } = await program.ended
          t.equal(code, 0)
          t.match(report, { reason: 'SIGTERM', verdict: 'clean' })
        },
      )
    }

    t.test(
      `${title}, the database in a ${database} module: app.close() waits for what is in flight`,
      async (t) => {
        const program = startFixture(t, 'app', { platform, database, options }, args)
        const held = ask({ port: await program.port() }, '/held')
        await program.line('handling')
        program.tell('close')
        // the line that closes is also what the handler waits for
        t.match(await held, { status: 200, body: 'row' })
        t.equal((await program.ended).code, 0)
      },
    )
  }

  t.test(`${title}, control: what is in flight on SIGTERM finds a closed database`, async (t) => {
    const program = startFixture(t, 'app', { platform, control: true }, args)
    const held = ask({ port: await program.port() }, '/held')
    await program.line('handling')
    program.signal('SIGTERM')
    await program.line('onModuleDestroy')
    program.tell('go on')
    t.match(await held, { status: 500 })
  })
}
