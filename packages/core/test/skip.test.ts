import type { ShutdownOptions } from '@lastcall/core'
import t from 'tap'
import { internalsOf } from '#src/internals.js'
import { resolveOptions } from '#src/options.js'
import { skipReasons } from '#src/skip.js'
import { createProcess, fakeServer } from './instance.js'

type Situation = Parameters<typeof skipReasons>[0]

const options = (given: ShutdownOptions = {}, env = {}) => resolveOptions(given, env, 1)
/** An app that serves, is ready, and is watched. */
const reasons = (given: Partial<Situation> = {}) =>
  skipReasons({
    options: options(),
    kind: 'signal',
    serves: true,
    wasReady: true,
    watched: false,
    readinessAskedMs: 1_000,
    ...given,
  })
const none = undefined

t.test('an app that serves, was ready and is watched takes both phases', (t) => {
  t.strictSame(reasons(), { lameDuck: none, lastCall: none })
  t.end()
})

for (const { what, given, expected } of [
  {
    what: 'lameDuck: false',
    given: { options: options({ lameDuck: false }) },
    expected: { lameDuck: 'turned off', lastCall: none },
  },
  {
    what: 'lastCall: false',
    given: { options: options({ lastCall: false }) },
    expected: { lameDuck: none, lastCall: 'turned off' },
  },
  {
    what: 'nothing that serves',
    given: { serves: false },
    expected: { lameDuck: 'nothing serves', lastCall: 'nothing serves' },
  },
  {
    what: 'never having been ready',
    given: { wasReady: false },
    expected: { lameDuck: 'never ready', lastCall: none },
  },
  {
    what: 'Ctrl-C at a terminal',
    given: { kind: 'interrupt' },
    expected: { lameDuck: 'interrupted at a terminal', lastCall: 'interrupted at a terminal' },
  },
  { what: 'a crash', given: { kind: 'crash' }, expected: { lameDuck: 'after a crash', lastCall: none } },
  {
    what: 'a direct close',
    given: { kind: 'close' },
    expected: { lameDuck: 'closed directly', lastCall: 'closed directly' },
  },
  {
    what: 'node --watch',
    given: { watched: true },
    expected: { lameDuck: 'restarted by node --watch', lastCall: 'restarted by node --watch' },
  },
  {
    what: 'readiness that nobody asked for within 60 s',
    given: { readinessAskedMs: 60_001 },
    expected: { lameDuck: 'nobody watches readiness', lastCall: none },
  },
  {
    what: 'readiness that was never asked for, on a platform that never removes traffic',
    given: { readinessAskedMs: Infinity, options: options({}, { SYSTEMD_EXEC_PID: '1' }) },
    expected: { lameDuck: 'nobody watches readiness', lastCall: none },
  },
] satisfies { what: string; given: Partial<Situation>; expected: object }[]) {
  t.test(`skipped because of ${what}`, (t) => {
    t.strictSame(reasons(given), expected)
    t.end()
  })
}

t.test('a platform that removes traffic by itself watches, whatever it asks', (t) => {
  for (const env of [{ KUBERNETES_SERVICE_HOST: 'a' }, { DYNO: 'a' }, { K_SERVICE: 'a' }]) {
    t.equal(reasons({ readinessAskedMs: Infinity, options: options({}, env) }).lameDuck, none)
  }
  t.end()
})

t.test('readiness asked for up to 60 s ago means that somebody watches', (t) => {
  t.equal(reasons({ readinessAskedMs: 60_000 }).lameDuck, none)
  t.end()
})

t.test('a given minMs overrides only that nobody watches', (t) => {
  const given = options({ lameDuck: { minMs: 100 } })
  t.equal(reasons({ options: given, readinessAskedMs: Infinity }).lameDuck, none)
  t.equal(reasons({ options: given, serves: false }).lameDuck, 'nothing serves')
  t.equal(reasons({ options: given, wasReady: false }).lameDuck, 'never ready')
  t.equal(reasons({ options: given, kind: 'interrupt' }).lameDuck, 'interrupted at a terminal')
  t.equal(reasons({ options: given, kind: 'crash' }).lameDuck, 'after a crash')
  t.equal(reasons({ options: given, kind: 'close' }).lameDuck, 'closed directly')
  t.end()
})

t.test('the report says what was skipped; callbacks and signals of a skipped phase still fire', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  shutdown.ready()
  internalsOf(shutdown).serve(fakeServer({ lameDuck: () => Promise.reject(new Error('called')) }))
  const called: string[] = []
  shutdown.register('app', {
    onLameDuck: () => called.push('lame duck'),
    onLastCall: () => called.push('last call'),
  })
  const report = await clock.runUntil(shutdown.begin('test'))
  t.strictSame(called, ['lame duck', 'last call'])
  t.equal(shutdown.stopping.aborted, true)
  t.match(report.phases[0], {
    phase: 'lame-duck',
    tookMs: 0,
    skipped: true,
    ended: 'skipped: nobody watches readiness',
  })
  t.match(report.phases[1], { phase: 'last-call', skipped: false, ended: 'everyone was told' })
})

t.test('asking for health makes the next lame duck worth its while', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  shutdown.ready()
  internalsOf(shutdown).serve(fakeServer())
  shutdown.health()
  await clock.advance(59_000)
  const report = await clock.runUntil(shutdown.begin('test'))
  t.match(report.phases[0], { skipped: false, ended: 'quiet' })
})
