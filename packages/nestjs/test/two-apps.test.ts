import { ask } from '@lastcall/testing'
import t from 'tap'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

t.jobs = 2

const options = { gracePeriodMs: 20_000, lameDuck: false, lastCall: false }

for (const { title, args } of versions) {
  t.test(`${title}: no database closes while a request is in flight in either app`, async (t) => {
    const program = startFixture(t, 'two-apps', { options }, args)
    const held = ask({ port: await program.port('first') }, '/held')
    await program.port('second')
    await program.line('handling')
    program.signal('SIGTERM')
    await program.line('"phase":"draining"')
    program.tell('go on')
    t.match(await held, { status: 200, body: 'row' })
    const { code, reports, lines } = await program.ended
    t.equal(code, 0)
    t.equal(reports.length, 2)
    t.equal(lines.filter((line) => line === 'onModuleDestroy').length, 2)
  })

  t.test(`${title}: two closes at once wait for what is in flight, and the other app goes on`, async (t) => {
    const program = startFixture(t, 'two-apps', { options }, args)
    const first = { port: await program.port('first') }
    const held = ask({ port: await program.port('second') }, '/held')
    await program.line('handling')
    program.tell('close, and go on')
    t.match(await held, { status: 200, body: 'row' })
    await program.line('closed twice')
    t.match(await ask(first, '/orders'), { status: 200, body: 'row' })
    program.signal('SIGTERM')
    const { code, reports } = await program.ended
    t.equal(code, 0)
    t.equal(reports.length, 2)
  })
}
