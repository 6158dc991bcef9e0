import type { Phase, Report } from '@lastcall/core'
import * as fc from 'fast-check'
import t from 'tap'
import { after, createProcess, never, serve, times, type Process } from './instance.js'

const ms = fc.nat(12_000)
const instance = fc.record({
  gracePeriodMs: fc.integer({ min: 200, max: 20_000 }),
  serves: fc.boolean(),
  phaseMs: ms,
  holdMs: fc.option(ms, { nil: undefined }),
  releaseMs: fc.option(ms, { nil: undefined }),
})

interface Outcome {
  readonly reports: readonly Report[]
  readonly began: readonly Partial<Record<Phase, number>>[]
  /** When the release of each instance began, and when it was over. */
  readonly releasedFrom: readonly number[]
  readonly released: readonly number[]
}

async function runTogether(
  { clock, create }: Process,
  some: readonly (typeof instance extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<Outcome> {
  const startedAt = clock.now()
  const releasedFrom: number[] = []
  const released: number[] = []
  const instances = some.map(({ gracePeriodMs, serves, phaseMs, holdMs, releaseMs }, index) => {
    const shutdown = create({ gracePeriodMs, lameDuck: { minMs: 1 } }, index === 0)
    shutdown.ready()
    if (serves) serve(shutdown, clock, phaseMs)
    const hold = shutdown.hold('job')
    if (holdMs !== undefined) clock.after(holdMs, () => hold.release())
    shutdown.register('pool', {
      onRelease({ signal }) {
        releasedFrom[index] = clock.now() - startedAt
        const end = (): void => {
          released[index] ??= clock.now() - startedAt
        }
        signal.addEventListener('abort', end)
        return releaseMs === undefined ? never : after(clock, releaseMs).then(end)
      },
    })
    return shutdown
  })
  const began = instances.map((shutdown) => times(shutdown, clock))
  const all = Promise.all(instances.map((shutdown) => shutdown.begin('test', { exit: true })))
  return { reports: await clock.runUntil(all), began, releasedFrom, released }
}

t.test(
  'whatever several instances do: none ends after the guard, they release in step, the default one last',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(instance, { minLength: 1, maxLength: 4 }), async (some) => {
        const { reports, began, releasedFrom, released } = await runTogether(createProcess(), some)
        const guardMs = Math.min(...reports.map(({ budget }) => budget.guardMs))
        const [, ...others] = released
        const starts = began.map(({ releasing }) => releasing)
        return (
          began.every(({ stopped = Infinity }) => stopped <= guardMs) &&
          starts.every((start) => start === starts[0]) &&
          others.every((end) => end <= (releasedFrom[0] ?? -1)) &&
          reports.every(({ budget }) => budget.graceMs === Math.min(...some.map((one) => one.gracePeriodMs)))
        )
      }),
      { numRuns: 200 },
    )
    t.end()
  },
)
