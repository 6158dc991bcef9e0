import { messages } from '@lastcall/testing'
import t from 'tap'
import { runUntilSignal } from './run-fixture.js'

t.jobs = 2

const warning = 'something else listens to SIGTERM: if it exits the process, requests in flight are lost'

t.test('somebody else who listens to SIGTERM is warned about once', async (t) => {
  const ended = await runUntilSignal(t, 'foreign-listener', { args: ['quiet'] })
  t.equal(ended.code, 0)
  t.strictSame(ended.lines, ['ready', 'somebody else heard it'])
  t.strictSame(
    ended.log.filter(({ level }) => level === 'warn'),
    [{ level: 'warn', name: 'lastcall', msg: warning, listeners: 1 }],
  )
})

t.test('somebody else who listens later is warned about when the next instance is ready', async (t) => {
  const ended = await runUntilSignal(t, 'foreign-listener', { args: ['late'] })
  t.equal(messages(ended)[0], warning)
})

t.test('somebody else who exits in the middle is logged, and the process exits 1', async (t) => {
  const ended = await runUntilSignal(t, 'foreign-listener', { args: ['exits second'] })
  t.equal(ended.code, 1)
  t.strictSame(messages(ended).slice(0, 2), [warning, 'lame-duck'])
  t.equal(messages(ended).at(-1), 'the process ended in the middle of a shutdown, exiting with 1')
  t.strictSame(ended.reports, [])
})

t.test('somebody else who exits before us leaves no shutdown to speak of: hence the warning', async (t) => {
  const ended = await runUntilSignal(t, 'foreign-listener', { args: ['exits first'] })
  t.equal(ended.code, 0)
  t.strictSame(messages(ended), [warning])
})

t.test('process.exit(0) in the middle exits 1 and says what was in flight', async (t) => {
  const ended = await runUntilSignal(t, 'exit-midway')
  t.equal(ended.code, 1)
  t.strictSame(ended.reports, [])
  t.match(ended.log.at(-1), {
    level: 'error',
    msg: 'the process ended in the middle of a shutdown, exiting with 1',
    pending: ['phase draining', /^hold 'webhook' order 4711, \d+ ms old$/, "participant 'consumer'"],
  })
})

t.test('that is logged before loggers end, and the code is set after everybody', async (t) => {
  const ended = await runUntilSignal(t, 'exit-midway', { args: ['logger'] })
  t.equal(ended.code, 1)
  t.match(ended.log.at(-1), { msg: 'the process ended in the middle of a shutdown, exiting with 1' })
})
