import { messages } from '@lastcall/testing'
import t from 'tap'
import { runUntilSignal } from './run-fixture.js'

t.jobs = 2

for (const how of ['logger', 'async logger']) {
  t.test(`an ${how} that fails stops nothing`, async (t) => {
    const { code, lines } = await runUntilSignal(t, 'broken-callbacks', { args: [how] })
    t.equal(code, 0)
    t.strictSame(lines, ['ready', 'work stopped'])
  })
}

for (const how of ['onReport', 'async onReport']) {
  t.test(`an ${how} that fails is logged and stops nothing`, async (t) => {
    const ended = await runUntilSignal(t, 'broken-callbacks', { args: [how] })
    t.equal(ended.code, 0)
    t.strictSame(ended.lines, ['ready', 'work stopped'])
    t.match(ended.log.at(-1), { level: 'error', msg: 'onReport threw', err: { message: 'broken' } })
  })
}

for (const how of ['listener', 'async listener']) {
  t.test(`an ${how} of phases that fails is logged and stops nothing`, async (t) => {
    const ended = await runUntilSignal(t, 'broken-callbacks', { args: [how] })
    t.equal(ended.code, 0)
    t.strictSame(ended.lines, ['ready', 'work stopped'])
    t.equal(messages(ended).filter((message) => message === 'a phase listener threw').length, 6)
  })
}
