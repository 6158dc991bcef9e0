import type { Phase, Report } from '@lastcall/core'
import * as fc from 'fast-check'
import t from 'tap'
import { internalsOf } from '#src/internals.js'
import { after, createProcess, serve, times } from './instance.js'

t.test('it begins every live instance in step, and settles when nothing is in flight in any', async (t) => {
  const { clock, create } = createProcess()
  const [one, two] = [create(), create()]
  two.hold('job')
  const began = [one, two].map((instance) => times(instance, clock))
  const hold = one.hold('job')
  clock.after(300, () => hold.release())
  const drained = internalsOf(one).drainProcess('/drain')
  t.strictSame([one.phase, two.phase], ['lame-duck', 'lame-duck'])
  const reports = await clock.runUntil(drained)
  // the other one's hold is never given back
  t.equal(clock.now() - 1_000, 7_600)
  t.match(reports, [
    { reason: '/drain', verdict: 'clean' },
    { reason: '/drain', verdict: 'forced', holdsCut: { count: 1 } },
  ])
  t.strictSame(reports[1]?.phases.map(({ phase }) => phase).slice(0, 3), [
    'lame-duck',
    'last-call',
    'draining',
  ])
  t.strictSame(
    began.map(({ releasing }) => releasing),
    [7_600, 7_600],
  )
})

t.test(
  'it does not wait for longer than there is time, whatever an instance that closes already does',
  async (t) => {
    const { clock, create } = createProcess()
    const [closing, app] = [create({ gracePeriodMs: 60_000 }), create({ gracePeriodMs: 5_000 })]
    closing.hold('job')
    void closing.begin('app.close()')
    await clock.advance(100)
    const reports = await clock.runUntil(internalsOf(app).drainProcess('/drain'))
    t.equal(clock.now() - 1_100, 3_600)
    t.match(reports, [
      { reason: 'app.close()', phases: [{ phase: 'lame-duck' }, { phase: 'last-call' }] },
      { reason: '/drain' },
    ])
    t.equal(closing.phase, 'draining')
  },
)

t.test('an instance that has stopped on its own can still begin the others', async (t) => {
  const { clock, create } = createProcess()
  const [closed, other] = [create(), create()]
  await clock.runUntil(closed.begin('app.close()'))
  t.match(await clock.runUntil(internalsOf(closed).drainProcess('/drain')), [
    { reason: '/drain' },
    { reason: 'app.close()' },
  ])
  t.not(other.phase, 'running')
})

const trigger = fc.record({
  atMs: fc.nat(12_000),
  kind: fc.constantFrom('drain' as const, 'begin and exit' as const, 'begin' as const),
  /** Which of the instances. */
  by: fc.nat(1),
})
const instance = fc.record({
  serves: fc.boolean(),
  phaseMs: fc.nat(4_000),
  holdMs: fc.option(fc.nat(12_000), { nil: undefined }),
  releaseMs: fc.nat(4_000),
})
type Triggers = readonly (typeof trigger extends fc.Arbitrary<infer T> ? T : never)[]
type Instances = readonly (typeof instance extends fc.Arbitrary<infer T> ? T : never)[]

interface Outcome {
  readonly began: readonly Partial<Record<Phase, number>>[]
  readonly reports: readonly Report[]
  /** When each drain was answered, since the first trigger. */
  readonly answeredAt: readonly number[]
}

/** The first trigger comes at once, the others after it. */
async function run(first: Triggers[number]['kind'], later: Triggers, some: Instances): Promise<Outcome> {
  const { clock, create } = createProcess()
  const instances = some.map(({ serves, phaseMs, holdMs, releaseMs }, index) => {
    const shutdown = create({ lameDuck: { minMs: 1 } }, index === 0)
    shutdown.ready()
    if (serves) serve(shutdown, clock, phaseMs)
    const hold = shutdown.hold('job')
    if (holdMs !== undefined) clock.after(holdMs, () => hold.release())
    shutdown.register('pool', () => after(clock, releaseMs))
    return shutdown
  })
  const began = instances.map((shutdown) => times(shutdown, clock))
  const startedAt = clock.now()
  const answeredAt: number[] = []
  const answers: Promise<unknown>[] = []
  const pull = (kind: Triggers[number]['kind'], by: number): void => {
    const shutdown = instances[by % instances.length]
    if (!shutdown) return
    if (kind === 'begin') void shutdown.begin('later')
    else if (kind === 'begin and exit') void shutdown.begin('first', { exit: true })
    else {
      const answer = internalsOf(shutdown).drainProcess('first')
      answers.push(answer.then(() => answeredAt.push(clock.now() - startedAt)))
    }
  }
  pull(first, 0)
  for (const { atMs, kind, by } of later) clock.after(atMs, () => pull(kind, by))
  const reports = await clock.runUntil(Promise.all(instances.map((shutdown) => shutdown.begin('later'))))
  await clock.settle()
  await Promise.all(answers)
  return { began, reports, answeredAt }
}

t.test(
  'whoever comes second joins, in every order: nothing is waited for twice, no time is added',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('drain' as const, 'begin and exit' as const),
        fc.array(trigger, { minLength: 1, maxLength: 4 }),
        fc.array(instance, { minLength: 1, maxLength: 2 }),
        async (first, later, some) => {
          const alone = await run('begin and exit', [], some)
          const together = await run(first, later, some)
          const drainedAt = alone.began[0]?.releasing ?? -1
          t.strictSame(together.began, alone.began)
          t.strictSame(together.reports, alone.reports)
          return together.answeredAt.every((at) => at >= drainedAt)
        },
      ),
      { numRuns: 200 },
    )
  },
)
