import type { LogLine } from '@lastcall/testing'
import t from 'tap'
import { runUntilSignal } from './run-fixture.js'

t.jobs = 2

for (const { how, count = 1, resources, named, remedy } of [
  { how: 'timers', resources: { Timeout: 1 }, named: 'Timeout', remedy: 'clear the timer, or unref it' },
  {
    how: 'timers',
    count: 3,
    resources: { Timeout: 3 },
    named: 'Timeout × 3',
    remedy: 'clear the timer, or unref it',
  },
  {
    how: 'server',
    count: 2,
    resources: { TCPServerWrap: 2 },
    named: 'TCPServerWrap × 2',
    remedy: 'close the server',
  },
  {
    how: 'worker that is listened to',
    resources: { MessagePort: 1 },
    named: 'MessagePort',
    remedy: 'terminate the worker',
  },
  { how: 'child', resources: { ProcessWrap: 1 }, named: 'ProcessWrap', remedy: 'end the child process' },
]) {
  t.test(`${count} × ${how}: what keeps the process alive is named, with what to do about it`, async (t) => {
    const { code, log, reports } = await runUntilSignal(t, 'kept-alive', { args: [how, String(count)] })
    t.equal(code, 0)
    t.strictSame(reports[0]?.keptAlive, resources)
    const { level, msg, resources: left, remedies } = log.at(-1) as LogLine
    t.strictSame(
      { level, msg, left, remedies },
      {
        level: 'warn',
        msg: `everything is released, but ${named} keeps the process alive: exiting with 0. A participant should end it`,
        left: resources,
        remedies: { [String(Object.keys(resources)[0])]: remedy },
      },
    )
  })
}

t.test('a forgotten connection is named beside what it is connected with', async (t) => {
  const { log, reports } = await runUntilSignal(t, 'kept-alive', { args: ['pool'] })
  t.equal(reports[0]?.keptAlive['TCPSocketWrap'], 1)
  t.match(log.at(-1)?.msg, /TCPSocketWrap/)
  t.match(log.at(-1)?.['remedies'], { TCPSocketWrap: 'end the pool or client' })
})

t.test('what Node does not name is said to be so', async (t) => {
  const { log, reports } = await runUntilSignal(t, 'kept-alive', { args: ['worker'] })
  t.strictSame(reports[0]?.keptAlive, {})
  t.match(
    log.at(-1)?.msg,
    /^everything is released, but something that Node does not name, such as a worker, keeps/,
  )
})

t.test('control: what keeps nothing alive is neither a candidate nor named', async (t) => {
  for (const how of ['nothing', 'unref timers', 'two instances']) {
    const { code, log, reports } = await runUntilSignal(t, 'kept-alive', { args: [how] })
    t.equal(code, 0)
    t.strictSame(
      reports.map(({ keptAlive }) => keptAlive),
      reports.map(() => ({})),
      how,
    )
    t.notOk(log.some(({ level }) => level === 'warn'))
  }
})

t.test('what ends by itself in time is a candidate, and no more than that', async (t) => {
  const { code, lines, log, reports } = await runUntilSignal(t, 'kept-alive', { args: ['late timers'] })
  t.equal(code, 0)
  t.strictSame(lines, ['ready', 'late'])
  t.strictSame(reports[0]?.keptAlive, { Timeout: 1 })
  t.notOk(log.some(({ level }) => level === 'warn'))
})
