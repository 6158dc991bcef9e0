import type { Participant, Phase, Report, ShutdownOptions } from '@lastcall/core'
import * as fc from 'fast-check'
import t from 'tap'
import { internalsOf } from '#src/internals.js'
import { phases } from '#src/phases.js'
import type { FakeClock } from './fake-clock.js'
import { createProcess, fakeServer, never } from './instance.js'

type Behaviour = {
  readonly kind: 'returns' | 'throws' | 'resolves' | 'rejects' | 'hangs'
  readonly ms: number
}
type CallbackName = 'onLameDuck' | 'onLastCall' | 'onDrain' | 'onCancel' | 'onRelease'

const callbackNames: readonly CallbackName[] = [
  'onLameDuck',
  'onLastCall',
  'onDrain',
  'onCancel',
  'onRelease',
]
const names = ['a', 'b', 'c', 'd', 'e']
const ms = fc.nat(12_000)

const behaviour: fc.Arbitrary<Behaviour | undefined> = fc.option(
  fc.record({
    kind: fc.constantFrom<Behaviour['kind'][]>('returns', 'throws', 'resolves', 'rejects', 'hangs'),
    ms,
  }),
  { nil: undefined },
)
const participant = fc.record({
  callbacks: fc.record(Object.fromEntries(callbackNames.map((name) => [name, behaviour]))),
  dependsOn: fc.option(fc.subarray([...names, 'nobody'], { maxLength: 2 }), { nil: undefined }),
  timeoutMs: fc.option(fc.integer({ min: 1, max: 12_000 }), { nil: undefined }),
})
const options: fc.Arbitrary<ShutdownOptions> = fc.record(
  {
    gracePeriodMs: fc.integer({ min: 100, max: 30_000 }),
    lameDuck: fc.constantFrom<(false | { minMs: number })[]>(false, { minMs: 10 }),
    lastCall: fc.constant<false>(false),
    platform: fc.constantFrom('kubernetes', 'cloud-run', 'docker'),
  },
  { requiredKeys: ['gracePeriodMs'] },
)
/** After how long each promise of a server settles; undefined: never. */
const server = fc.record({
  lameDuckMs: fc.option(ms, { nil: undefined }),
  lastCallMs: fc.option(ms, { nil: undefined }),
  drainMs: fc.option(ms, { nil: undefined }),
})
const scenario = fc.record({
  options,
  participants: fc.array(participant, { maxLength: names.length }),
  servers: fc.array(server, { maxLength: 2 }),
  /** After how long each hold is released; undefined: never. */
  holds: fc.array(fc.option(ms, { nil: undefined }), { maxLength: 3 }),
  ready: fc.boolean(),
})
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

interface Run {
  readonly report: Report
  readonly passed: readonly Phase[]
  readonly releases: readonly string[]
  readonly tookMs: number
  readonly holdsLeft: number
  readonly timersLeft: number
}

const after = (clock: FakeClock, time: number | undefined): Promise<void> =>
  time === undefined ? never : new Promise((resolve) => void clock.after(time, resolve))

function behave({ kind, ms: time }: Behaviour, clock: FakeClock): unknown {
  if (kind === 'returns') return undefined
  if (kind === 'throws') throw new Error('thrown')
  if (kind === 'hangs') return never
  return after(clock, time).then(() =>
    kind === 'rejects' ? Promise.reject(new Error('rejected')) : undefined,
  )
}

async function run({ options: given, participants, servers, holds, ready }: Scenario): Promise<Run> {
  const { clock, create } = createProcess()
  const shutdown = create(given)
  const passed: Phase[] = []
  const releases: string[] = []
  shutdown.subscribe((phase) => passed.push(phase))
  if (ready) shutdown.ready()
  for (const { lameDuckMs, lastCallMs, drainMs } of servers) {
    internalsOf(shutdown).serve(
      fakeServer({
        lameDuck: () => after(clock, lameDuckMs),
        lastCall: () => after(clock, lastCallMs),
        drain: () => after(clock, drainMs),
      }),
    )
  }
  for (const [index, { callbacks, dependsOn, timeoutMs }] of participants.entries()) {
    const name = names[index] ?? ''
    const wrapped: { [name in CallbackName]?: () => unknown } = {}
    for (const callback of callbackNames) {
      const how = callbacks[callback]
      if (!how) continue
      wrapped[callback] = () => {
        if (callback === 'onRelease') releases.push(name)
        return behave(how, clock)
      }
    }
    shutdown.register(name, {
      ...(wrapped as Participant),
      ...(dependsOn && { dependsOn }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
  }
  let holdsLeft = 0
  for (const time of holds) {
    const hold = shutdown.hold('job')
    holdsLeft += 1
    if (time === undefined) continue
    clock.after(time, () => {
      if (shutdown.phase !== 'releasing' && shutdown.phase !== 'stopped') holdsLeft -= 1
      hold.release()
    })
  }
  const startedAt = clock.now()
  const report = await clock.runUntil(shutdown.begin('test'))
  const tookMs = clock.now() - startedAt
  return { report, passed, releases, tookMs, holdsLeft, timersLeft: clock.pending }
}

const runs = { numRuns: 200 }

t.test('whatever hangs, throws or is slow, a shutdown stops, and never after its guard', async (t) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (some) => {
      const { report, passed, tookMs } = await run(some)
      return passed.at(-1) === 'stopped' && tookMs <= report.budget.guardMs
    }),
    runs,
  )
  t.end()
})

t.test('control: some of these would never end by themselves', async (t) => {
  const reports: Report[] = []
  for (const some of fc.sample(scenario, { numRuns: 100, seed: 1 })) reports.push((await run(some)).report)
  const count = (verdict: Report['verdict']): number =>
    reports.filter((report) => report.verdict === verdict).length
  t.ok(count('forced') > 10, `${count('forced')} of 100 were forced`)
  t.ok(count('failed') > 10, `${count('failed')} of 100 failed`)
  t.ok(count('clean') > 5, `${count('clean')} of 100 were clean`)
  const atTheGuard = reports.filter(({ tookMs, budget }) => tookMs > budget.guardMs - 2)
  t.ok(atTheGuard.length > 5, `${atTheGuard.length} of 100 took all the time`)
})

t.test('the phases go strictly forward and skip none after running', async (t) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (some) => {
      const { passed, report } = await run(some)
      return (
        passed.join() === phases.slice(some.ready ? 1 : 2).join() &&
        report.phases.map(({ phase }) => phase).join() === phases.slice(2, -1).join()
      )
    }),
    runs,
  )
  t.end()
})

t.test('every participant is released exactly once', async (t) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (some) => {
      const { releases, report } = await run(some)
      const expected = names.filter((_, index) => some.participants[index]?.callbacks['onRelease'])
      return (
        releases.toSorted().join() === expected.join() &&
        report.participants.count === some.participants.length
      )
    }),
    runs,
  )
  t.end()
})

t.test('the report is consistent with what happened', async (t) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (some) => {
      const { report, tookMs, holdsLeft } = await run(some)
      const { items } = report.participants
      const failed = items.some(({ error, cut }) => error !== undefined && !cut)
      const forced = items.some(({ cut }) => cut) || holdsLeft > 0
      const total = report.phases.reduce((sum, phase) => sum + phase.tookMs, 0)
      return (
        report.verdict === (failed ? 'failed' : forced ? 'forced' : 'clean') &&
        report.exitCode === (report.verdict === 'clean' ? 0 : 1) &&
        report.holdsCut.count === holdsLeft &&
        report.tookMs === Math.round(tookMs) &&
        report.budget.leftMs === report.budget.graceMs - report.tookMs &&
        Math.abs(total - tookMs) <= report.phases.length &&
        items.every(({ error, cut }) => !cut || error !== undefined)
      )
    }),
    runs,
  )
  t.end()
})

t.test(
  'a clean report is never given where something hung, threw or rejected before releasing',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(scenario, async (some) => {
        const { report } = await run(some)
        const bad = some.participants.some(({ callbacks }) =>
          ['onLameDuck', 'onLastCall', 'onDrain', 'onRelease'].some((name) =>
            ['throws', 'rejects', 'hangs'].includes(callbacks[name]?.kind ?? ''),
          ),
        )
        return !bad || report.exitCode === 1
      }),
      runs,
    )
    t.end()
  },
)

t.test('releasing begins no later than its time before the guard', async (t) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (some) => {
      const { report } = await run(some)
      const before = report.phases.slice(0, -1).reduce((sum, { tookMs }) => sum + tookMs, 0)
      return before <= report.budget.drainDeadlineMs + report.phases.length
    }),
    runs,
  )
  t.end()
})
