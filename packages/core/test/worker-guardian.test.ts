import { spawnSync } from 'node:child_process'
import { messages, type Ended } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { fixture, runUntilSignal, startFixture } from './run-fixture.js'

t.jobs = 2

const blocked = 'the event loop is blocked at the deadline, ending it with SIGKILL'
const options = JSON.stringify({ guardian: 'worker', gracePeriodMs: 3_000 })

const run = (t: Test, where: string): Promise<Ended> =>
  runUntilSignal(t, 'blocked', { args: [where, options] })

for (const { where, phase, waitsFor = [] } of [
  { where: 'trigger', phase: 'lame-duck', waitsFor: [/^hold 'webhook' order 4711/] },
  { where: 'in flight', phase: 'draining', waitsFor: [/^hold 'webhook' order 4711/] },
  { where: 'draining', phase: 'draining', waitsFor: ["participant 'consumer'"] },
  { where: 'releasing', phase: 'releasing', waitsFor: ["participant 'consumer'"] },
]) {
  t.test(
    `an event loop that is blocked for ever (${where}) is ended, and its stack is written`,
    async (t) => {
      const { signal, stderr, log } = await run(t, where)
      t.equal(signal, 'SIGKILL')
      t.match(log.at(-1), {
        level: 'error',
        msg: blocked,
        reason: 'SIGTERM',
        budget: { graceMs: 3_000, guardMs: 2_500 },
      })
      const { pending, stack } = log.at(-1) as unknown as { pending: string[]; stack: string[] }
      t.ok(pending.includes(`phase ${phase}`), stderr)
      for (const entry of waitsFor)
        t.ok(
          pending.some((name) => name.match(entry)),
          stderr,
        )
      t.match(stack[0], /^at spin \(file:.+blocked\.js:\d+:\d+\)$/)
      t.match(stack[1], /^at block /)
    },
  )
}

t.test('so is one that is blocked by a listener of the exit', async (t) => {
  const { signal, log } = await run(t, 'exit')
  t.equal(signal, 'SIGKILL')
  t.match(log.at(-1), { msg: blocked, pending: [], stack: [/^at spin /] })
})

t.test('one that is blocked outside of JavaScript is ended, without a stack', async (t) => {
  const { signal, log } = await run(t, 'draining outside')
  t.equal(signal, 'SIGKILL')
  t.match(log.at(-1), { msg: blocked, stack: 'unknown, the main thread is not in JavaScript' })
})

t.test('control: a timer does not end a blocked event loop', async (t) => {
  const program = startFixture(t, 'blocked', { args: ['draining', '{"gracePeriodMs":3000}'] })
  await program.line('ready')
  program.signal('SIGTERM')
  await program.line('blocked in draining')
  // its grace period begins later, and is the same
  t.equal((await run(t, 'draining')).signal, 'SIGKILL')
  t.equal(program.child.exitCode ?? program.child.signalCode, null, 'it still runs')
})

const isolated = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
// not allowed in most containers
const mayIsolate = spawnSync('unshare', [...isolated.slice(1), 'true']).status === 0

t.test(
  'process 1 of a container, which gets no SIGKILL from within, is ended, too',
  { skip: !mayIsolate },
  async (t) => {
    const program = startFixture(t, 'blocked', { args: ['draining itself', options], before: isolated })
    const { code, log } = await program.ended
    t.equal(code, 137)
    t.match(log.at(-1), { msg: blocked, stack: [/^at spin /] })
  },
)

t.test('there is one worker for all instances, as long as the process shuts down', async (t) => {
  const program = startFixture(t, 'blocked', { args: ['nowhere', options] })
  await program.line('ready')
  program.signal('SIGTERM')
  const { code, lines, log, reports } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines, ['ready', 'a worker was started'])
  t.strictSame(
    reports.map(({ verdict, keptAlive }) => ({ verdict, keptAlive })),
    [
      { verdict: 'clean', keptAlive: {} },
      { verdict: 'clean', keptAlive: {} },
    ],
  )
  t.notOk(log.some(({ level }) => level !== 'info'))
})

t.test('there is none without the option, and none for instances that close by themselves', async (t) => {
  t.strictSame((await runUntilSignal(t, 'blocked', { args: ['nowhere'] })).lines, ['ready'])
  const closed = await startFixture(t, 'blocked', { args: ['close', options] }).ended
  t.equal(closed.code, 0)
  t.equal(closed.reports.length, 2)
  t.strictSame(closed.lines, ['ready'])
})

t.test('a block that ends in time changes nothing', async (t) => {
  const { code, log } = await run(t, 'draining briefly')
  t.equal(code, 0)
  t.notOk(log.some(({ level }) => level !== 'info'))
})

t.test('nor does one that ends when it was looked at already', async (t) => {
  const { code, log } = await run(t, 'late briefly')
  t.equal(code, 0)
  t.notOk(log.some(({ level }) => level !== 'info'))
})

t.test('a shutdown that does not end, on a loop that is not blocked, is ended by the timer', async (t) => {
  const ended = await runUntilSignal(t, 'outlives', { args: [options] })
  t.equal(ended.code, 1)
  t.equal(messages(ended).at(-1), 'the shutdown did not end by its deadline, exiting with 1')
})

t.test('what is preloaded into the app is not loaded into the worker', async (t) => {
  const { lines } = await runUntilSignal(t, 'blocked', {
    args: ['nowhere', options],
    env: { NODE_OPTIONS: `--import=${fixture('preloaded')}` },
  })
  t.strictSame(lines, ['preloaded', 'ready', 'a worker was started'])
})

t.test('where no worker may be started, that is said, and the timer is left', async (t) => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const ended = await runUntilSignal(t, 'blocked', {
    args: ['nowhere', options],
    nodeArgs: [flag, '--allow-fs-read=*', '--no-warnings'],
  })
  t.equal(ended.code, 0)
  t.match(
    ended.log.filter(({ level }) => level !== 'info'),
    [
      {
        level: 'error',
        msg: 'the guardian has no worker: it cannot end a process whose event loop is blocked',
        err: { code: 'ERR_ACCESS_DENIED' },
      },
    ],
  )
})
