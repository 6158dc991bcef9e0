import t from 'tap'
import { internalsOf } from '#src/internals.js'
import { createProcess, fakeServer, never } from './instance.js'

t.test('readiness has failed by the time begin returns, and subscribers were told', (t) => {
  const shutdown = createProcess().create()
  shutdown.ready()
  const told: string[] = []
  shutdown.subscribe((phase, instance) => {
    t.equal(instance, shutdown)
    told.push(phase)
  })
  void shutdown.begin('test')
  t.equal(shutdown.phase, 'lame-duck')
  t.equal(shutdown.health().ready, false)
  t.strictSame(told, ['lame-duck'])
  t.end()
})

t.test('every caller of begin gets the same promise, in whatever phase', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const again: Promise<unknown>[] = []
  shutdown.subscribe(() => again.push(shutdown.begin('again')))
  const first = shutdown.begin('first')
  const report = await clock.runUntil(first)
  again.push(shutdown.begin('again'), shutdown.begin('again', { exit: true }))
  t.equal(again.length, 7)
  t.ok(again.every((promise) => promise === first))
  t.equal(report.reason, 'first')
})

t.test('ready() in the middle changes nothing', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const report = shutdown.begin('test')
  shutdown.ready()
  t.equal(shutdown.phase, 'lame-duck')
  await clock.runUntil(report)
  shutdown.ready()
  t.equal(shutdown.phase, 'stopped')
})

t.test('stopping fires at last call, cancelling cancelMs before the drain deadline', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create({ lameDuck: { minMs: 1_000, maxMs: 1_000 } })
  shutdown.ready()
  internalsOf(shutdown).serve(fakeServer({ lameDuck: () => never, lastCall: () => never }))
  shutdown.hold('job')
  const startedAt = clock.now()
  const times: Record<string, number> = {}
  shutdown.stopping.addEventListener('abort', () => (times['stopping'] = clock.now() - startedAt))
  shutdown.cancelling.addEventListener('abort', () => (times['cancelling'] = clock.now() - startedAt))
  shutdown.subscribe((phase) => (times[phase] = clock.now() - startedAt))
  const report = await clock.runUntil(shutdown.begin('test'))
  // grace 10 000: guard 9 500, drain deadline 7 600, last call 1 583, cancelMs (7 600 − 1 000 − 1 583) / 4
  t.strictSame(times, {
    'lame-duck': 0,
    stopping: 1_000,
    'last-call': 1_000,
    draining: 2_583,
    cancelling: 6_346,
    releasing: 7_600,
    stopped: 7_600,
  })
  t.strictSame(
    report.phases.map(({ ended }) => ended),
    ['its maximum', 'its maximum', 'its deadline', 'everything was attempted'],
  )
})

t.test('cancelling does not fire where draining ends before', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  shutdown.register('app', { onCancel: () => t.fail('cancelled') })
  await clock.runUntil(shutdown.begin('test'))
  await clock.advance(10_000)
  t.equal(shutdown.stopping.aborted, true)
  t.equal(shutdown.cancelling.aborted, false)
})

t.test('a shutdown leaves no timer behind', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  shutdown.register('app', { onLameDuck: () => {}, onDrain: () => Promise.resolve(), onRelease: () => {} })
  await clock.runUntil(shutdown.begin('test'))
  t.equal(clock.pending, 0)
})

t.test('many may listen to stopping without a warning', (t) => {
  const shutdown = createProcess().create()
  const warned = (warning: Error): void => void t.fail(warning.message)
  process.once('warning', warned)
  for (let count = 0; count < 50; count += 1) {
    shutdown.stopping.addEventListener('abort', () => {})
    shutdown.cancelling.addEventListener('abort', () => {})
  }
  setImmediate(() => {
    process.removeListener('warning', warned)
    t.end()
  })
})

t.test('one log line per phase, with the counters at its start, and one for the report', async (t) => {
  const { clock, create, said } = createProcess()
  const shutdown = create()
  const hold = shutdown.hold('job')
  clock.after(100, () => hold.release())
  const report = await clock.runUntil(shutdown.begin('test'))
  t.strictSame(said, [
    ...[
      { phase: 'lame-duck', after: 'it began', holds: 1 },
      { phase: 'last-call', after: 'skipped: nothing serves', holds: 1 },
      { phase: 'draining', after: 'skipped: nothing serves', holds: 1 },
      { phase: 'releasing', after: 'nothing is in flight', holds: 0 },
      { phase: 'stopped', after: 'everything was attempted', holds: 0 },
    ].map(({ phase, after, holds }) => ({
      level: 'info',
      message: phase,
      details: { phase, reason: 'test', after, inFlight: 0, connections: 0, holds },
    })),
    {
      level: 'info',
      message: 'shutdown on test clean in 100 of 10000 ms; 0 requests served, 0 answered 503, 0 cut',
      details: { report },
    },
  ])
})

t.test('onReport gets the report before begin settles', async (t) => {
  const { clock, create } = createProcess()
  const reports: unknown[] = []
  const shutdown = create({ onReport: (report) => reports.push(report) })
  const report = await clock.runUntil(shutdown.begin('test'))
  t.equal(reports.length, 1)
  t.equal(reports[0], report)
})

t.test('what was not made by createShutdown has no inside', (t) => {
  for (const value of [{}, null, undefined]) {
    t.throws(() => internalsOf(value as never), { code: 'ERR_LASTCALL_NOT_A_SHUTDOWN' })
  }
  t.end()
})

t.test('a direct close drains at once, and settles its milestones', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create({ lameDuck: { minMs: 5_000, maxMs: 5_000 } })
  shutdown.ready()
  const own = internalsOf(shutdown)
  const skipped: boolean[] = []
  own.serve(
    fakeServer({
      lameDuck: () => never,
      lastCall(_, isSkipped) {
        skipped.push(isSkipped)
        return Promise.resolve()
      },
    }),
  )
  await Promise.all([own.whenDrained(), own.whenReleased()])
  const hold = shutdown.hold('request')
  clock.after(40, () => hold.release())
  shutdown.register('app', () => new Promise<void>((resolve) => void clock.after(20, resolve)))
  const startedAt = clock.now()
  const report = own.close('app.close()')
  const drained = own.whenDrained().then(() => clock.now() - startedAt)
  const released = own.whenReleased().then(() => clock.now() - startedAt)
  t.match(await clock.runUntil(report), { reason: 'app.close()', tookMs: 60, verdict: 'clean' })
  t.equal(await drained, 40)
  t.equal(await released, 60)
  t.strictSame(skipped, [true])
})

t.test('listening means ready, unless the app wants to say so itself', (t) => {
  const { create } = createProcess()
  const [plain, manual] = [create(), create({ manualReady: true })]
  internalsOf(plain).listening()
  internalsOf(manual).listening()
  t.equal(plain.phase, 'running')
  t.equal(manual.phase, 'starting')
  t.end()
})
