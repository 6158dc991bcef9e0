import type { ShutdownOptions } from '@lastcall/core'
import t from 'tap'
import { internalsOf } from '#src/internals.js'
import { after, createProcess, fakeServer, never, serve, times } from './instance.js'

t.test('one that serves nothing takes each phase with the slowest that serves', async (t) => {
  const { clock, create } = createProcess()
  const [slow, quick, worker] = [
    create({ lameDuck: { minMs: 1 } }),
    create({ lameDuck: { minMs: 1 } }),
    create(),
  ]
  for (const instance of [slow, quick]) instance.ready()
  serve(slow, clock, 800)
  serve(quick, clock, 300)
  const began = [slow, quick, worker].map((instance) => times(instance, clock))
  const reports = [slow, quick, worker].map((instance) => instance.begin('test', { exit: true }))
  const [, , report] = await clock.runUntil(Promise.all(reports))
  t.strictSame(began, [
    { 'lame-duck': 0, 'last-call': 800, draining: 1_600, releasing: 1_600, stopped: 1_600 },
    { 'lame-duck': 0, 'last-call': 300, draining: 600, releasing: 1_600, stopped: 1_600 },
    { 'lame-duck': 0, 'last-call': 800, draining: 1_600, releasing: 1_600, stopped: 1_600 },
  ])
  t.equal(report?.phases[0]?.ended, 'those that serve went on')
})

t.test('releasing begins for all at one instant, when nothing is in flight in any', async (t) => {
  const { clock, create } = createProcess()
  const instances = [create(), create(), create()]
  const began = instances.map((instance) => times(instance, clock))
  for (const [index, instance] of instances.entries()) {
    const hold = instance.hold('request')
    clock.after((index + 1) * 100, () => hold.release())
    // slow enough to show that nobody waits for another's release
    instance.register('pool', () => after(clock, 1_000))
  }
  await clock.runUntil(Promise.all(instances.map((instance) => instance.begin('test', { exit: true }))))
  t.strictSame(
    began.map(({ releasing, stopped }) => ({ releasing, stopped })),
    [
      { releasing: 300, stopped: 1_300 },
      { releasing: 300, stopped: 1_300 },
      { releasing: 300, stopped: 1_300 },
    ],
  )
})

t.test('one instance that never drains takes the others to the deadline, and no further', async (t) => {
  const { clock, create } = createProcess()
  const [stuck, fine] = [create(), create()]
  stuck.hold('job')
  const began = times(fine, clock)
  const both = [stuck, fine].map((instance) => instance.begin('test', { exit: true }))
  const [first, second] = await clock.runUntil(Promise.all(both))
  t.equal(began.releasing, 7_600)
  t.equal(first?.verdict, 'forced')
  t.equal(second?.verdict, 'clean')
})

t.test('the participants of the default instance start after the others were attempted', async (t) => {
  const { clock, create } = createProcess()
  const [shared, app] = [create({}, true), create()]
  const closed: string[] = []
  shared.register('pool', () => closed.push(`pool at ${clock.now() - 1_000}`))
  app.register('app', async () => {
    await after(clock, 700)
    closed.push(`app at ${clock.now() - 1_000}`)
  })
  await clock.runUntil(Promise.all([shared, app].map((instance) => instance.begin('test', { exit: true }))))
  t.strictSame(closed, ['app at 700', 'pool at 700'])
})

t.test('and after their reports, whoever is the last to get there', async (t) => {
  for (let delay = 0; delay < 8; delay += 1) {
    const { clock, create } = createProcess()
    const order: string[] = []
    const apps = ['one', 'other'].map((name) => create({ onReport: () => void order.push(name) }))
    apps[0]?.register('pool', async () => {
      for (let left = delay; left > 0; left -= 1) await Promise.resolve()
    })
    const shared = create({}, true)
    shared.register('metrics', () => order.push('metrics'))
    await clock.runUntil(shared.begin('test', { exit: true }))
    t.strictSame([order.slice(0, 2).sort(), order.slice(2)], [['one', 'other'], ['metrics']])
  }
})

t.test('an app that hangs leaves the default instance half of the time', async (t) => {
  const { clock, create } = createProcess()
  const [shared, app] = [create({}, true), create()]
  let startedAt = 0
  shared.register('pool', () => {
    startedAt = clock.now() - 1_000
    return never
  })
  app.register('app', () => never)
  const reports = await clock.runUntil(
    Promise.all([shared, app].map((instance) => instance.begin('test', { exit: true }))),
  )
  t.equal(startedAt, 4_750)
  t.strictSame(
    reports.map(({ tookMs, participants }) => [tookMs, participants.items[0]?.error]),
    [
      [9_500, "Releasing 'pool' did not finish within 4750 ms"],
      [4_750, "Releasing 'app' did not finish within 4750 ms"],
    ],
  )
})

t.test('the smallest grace period holds for all', async (t) => {
  const { clock, create } = createProcess()
  const [long, short] = [create({ gracePeriodMs: 60_000 }), create({ gracePeriodMs: 5_000 })]
  long.hold('job')
  const reports = await clock.runUntil(
    Promise.all([long, short].map((instance) => instance.begin('test', { exit: true }))),
  )
  t.strictSame(
    reports.map(({ budget, tookMs }) => [budget.graceMs, tookMs]),
    [
      [5_000, 3_600],
      [5_000, 3_600],
    ],
  )
})

t.test('one that was given no grace period does not shorten that of those that were', async (t) => {
  for (const { given, graceMs } of [
    { given: [30_000, undefined], graceMs: 30_000 },
    { given: [30_000, 20_000, undefined], graceMs: 20_000 },
    { given: [undefined, undefined], graceMs: 10_000 },
  ]) {
    const { clock, create } = createProcess()
    const instances = given.map((gracePeriodMs) =>
      // undefined means not given, and then the platform's counts
      create({ gracePeriodMs, platform: 'docker' } as ShutdownOptions),
    )
    const reports = instances.map((instance) => instance.begin('test', { exit: true }))
    t.strictSame(
      (await clock.runUntil(Promise.all(reports))).map(({ budget }) => budget.graceMs),
      given.map(() => graceMs),
    )
  }
})

t.test('one that closes already keeps its own deadline and does not shorten the others', async (t) => {
  const { clock, create } = createProcess()
  const [closing, app] = [create({ gracePeriodMs: 2_000 }), create({ gracePeriodMs: 20_000 })]
  closing.hold('job')
  app.hold('job')
  const began = times(closing, clock)
  const first = closing.begin('app.close()')
  await clock.advance(500)
  const second = app.begin('test', { exit: true })
  const reports = await clock.runUntil(Promise.all([first, second]))
  t.strictSame(
    reports.map(({ reason, budget, tookMs }) => [reason, budget.graceMs, tookMs]),
    [
      ['app.close()', 2_000, 1_280],
      ['test', 20_000, 15_200],
    ],
  )
  t.equal(began.releasing, 1_280)
})

t.test('a plain begin is part of a process-wide shutdown that begins in the same turn', async (t) => {
  const { clock, create } = createProcess()
  const [one, two] = [create({ gracePeriodMs: 20_000 }), create({ gracePeriodMs: 5_000 })]
  one.hold('job')
  const first = one.begin('mine')
  void two.begin('SIGTERM', { exit: true })
  t.match(await clock.runUntil(first), { reason: 'SIGTERM', budget: { graceMs: 5_000 } })
})

t.test('a plain begin is on its own where that begins a turn later', async (t) => {
  const { clock, create } = createProcess()
  const [one, two] = [create({ gracePeriodMs: 20_000 }), create({ gracePeriodMs: 5_000 })]
  one.hold('job')
  const first = one.begin('mine')
  await clock.settle()
  void two.begin('SIGTERM', { exit: true })
  t.match(await clock.runUntil(first), { reason: 'mine', budget: { graceMs: 20_000 } })
})

t.test('a plain begin leaves the other instances alone', async (t) => {
  const { clock, create } = createProcess()
  const [one, two] = [create(), create()]
  two.ready()
  await clock.runUntil(one.begin('test'))
  t.equal(one.phase, 'stopped')
  t.equal(two.phase, 'running')
})

t.test('an instance made in the middle of a process-wide shutdown is part of it', async (t) => {
  const { clock, create, registry } = createProcess()
  const first = create()
  const hold = first.hold('job')
  const report = first.begin('test', { exit: true })
  await clock.advance(100)
  const late = create()
  t.equal(late.phase, 'lame-duck')
  let closed = false
  late.register('pool', () => {
    closed = true
  })
  hold.release()
  await clock.runUntil(report)
  await clock.settle()
  t.equal(late.phase, 'stopped')
  t.equal(closed, true)
  t.equal(registry.timeline?.exitCode, 0)
})

t.test('the exit code is the worst of all', async (t) => {
  const { clock, create, registry } = createProcess()
  const instances = [create(), create()]
  instances[0]?.register('pool', () => Promise.reject(new Error('gone')))
  await clock.runUntil(Promise.all(instances.map((instance) => instance.begin('test', { exit: true }))))
  await clock.settle()
  t.equal(registry.timeline?.exitCode, 1)
})

t.test(
  'an instance that has drained is woken by one that drains last, however they came there',
  async (t) => {
    const { clock, create } = createProcess()
    const [idle, busy] = [create({ lameDuck: { minMs: 1 } }), create({ lameDuck: { minMs: 1 } })]
    for (const instance of [idle, busy]) instance.ready()
    serve(idle, clock, 100)
    internalsOf(busy).serve(
      fakeServer({
        // the same steps at the same time, but a request in flight
        lameDuck: () => after(clock, 100),
        lastCall: () => after(clock, 100),
        drain: () => after(clock, 500),
      }),
    )
    const began = [idle, busy].map((instance) => times(instance, clock))
    await clock.runUntil(Promise.all([idle, busy].map((instance) => instance.begin('test', { exit: true }))))
    t.strictSame(
      began.map(({ releasing }) => releasing),
      [700, 700],
    )
  },
)
