import { messages } from '@lastcall/testing'
import t from 'tap'
import { runUntilSignal, startFixture } from './run-fixture.js'

t.jobs = 2

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} ends the program with 0`, async (t) => {
    const ended = await runUntilSignal(t, 'worker', { signal })
    t.equal(ended.code, 0)
    t.equal(ended.signal, null)
    t.equal(ended.reports.length, 1)
    t.match(ended.reports[0], { reason: signal, verdict: 'clean', exitCode: 0 })
  })
}

t.test('every phase is passed once, in order', async (t) => {
  const ended = await runUntilSignal(t, 'worker')
  t.strictSame(ended.lines, [
    'running',
    'ready',
    'lame-duck',
    'last-call',
    'draining',
    'releasing',
    'stopped',
  ])
})

t.test('each phase has one line in the log, the report one more, and nothing else is said', async (t) => {
  const ended = await runUntilSignal(t, 'worker')
  t.strictSame(messages(ended), [
    'lame-duck',
    'last-call',
    'draining',
    'releasing',
    'stopped',
    `shutdown on SIGTERM clean in ${ended.reports[0]?.tookMs} of 10000 ms; 0 requests served, 0 answered 503, 0 cut`,
  ])
})

t.test('a program that serves nothing ends at once', async (t) => {
  const { tookMs, reports } = await runUntilSignal(t, 'worker')
  t.ok(tookMs < 1_000, `took ${tookMs} ms`)
  t.strictSame(
    reports[0]?.phases.map(({ phase, ended, skipped }) => ({ phase, ended, skipped })),
    [
      { phase: 'lame-duck', ended: 'skipped: nothing serves', skipped: true },
      { phase: 'last-call', ended: 'skipped: nothing serves', skipped: true },
      { phase: 'draining', ended: 'nothing is in flight', skipped: false },
      { phase: 'releasing', ended: 'everything was attempted', skipped: false },
    ],
  )
})

t.test('signals of your own begin a shutdown too', async (t) => {
  const ended = await runUntilSignal(t, 'worker', {
    args: ['{"signals":["SIGUSR2","SIGHUP"]}'],
    signal: 'SIGHUP',
  })
  t.equal(ended.code, 0)
  t.equal(ended.reports[0]?.reason, 'SIGHUP')
})

t.test('a signal that is not listed ends the program as Node would', async (t) => {
  const ended = await runUntilSignal(t, 'worker', { args: ['{"signals":["SIGUSR2"]}'] })
  t.equal(ended.signal, 'SIGTERM')
  t.equal(ended.code, null)
  t.strictSame(ended.reports, [])
})

t.test('signals: false listens to none', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const ended = await runUntilSignal(t, 'worker', { args: ['{"signals":false}'], signal })
    t.equal(ended.signal, signal)
    t.strictSame(ended.reports, [])
  }
})

t.test('the grace period comes from the environment', async (t) => {
  const ended = await runUntilSignal(t, 'worker', { env: { LASTCALL_GRACE_PERIOD_MS: '4000' } })
  t.match(ended.reports[0]?.budget, { graceMs: 4_000, guardMs: 3_500, from: 'environment' })
})

t.test('the grace period comes from the platform', async (t) => {
  const ended = await runUntilSignal(t, 'worker', { env: { FLY_APP_NAME: 'orders' }, signal: 'SIGINT' })
  t.match(ended.reports[0]?.budget, { graceMs: 5_000, from: 'platform' })
})

t.test('a wrong option ends the program at start-up, with its code', async (t) => {
  const ended = await startFixture(t, 'worker', { args: ['{"gracePeriodMs":"10s"}'] }).ended
  t.equal(ended.code, 1)
  t.match(ended.stderr, "Option 'gracePeriodMs' must be a number of ms from 100 to 2147483647, not '10s'")
  t.match(ended.stderr, 'ERR_LASTCALL_OPTION')
  t.strictSame(ended.lines, [])
})
