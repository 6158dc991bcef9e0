import * as fc from 'fast-check'
import t from 'tap'
import { createParticipants, type Participant } from '#src/participants.js'
import { startReleasing } from '#src/releasing.js'
import { createFakeClock, type FakeClock } from './fake-clock.js'
import { never } from './instance.js'

const silent = { info() {}, warn() {}, error() {} }

interface Behaviour {
  readonly kind: 'returns' | 'throws' | 'resolves' | 'rejects' | 'hangs' | 'has nothing to release'
  readonly ms: number
}

interface Spec {
  readonly name: string
  readonly dependsOn: readonly string[] | undefined
  readonly timeoutMs: number | undefined
  readonly behaviour: Behaviour
}

interface Span {
  readonly name: string
  readonly startedAt: number
  /** Settled, or cut. */
  endedAt: number
}

type Releaser = (specs: readonly Spec[], clock: FakeClock) => Promise<Trace>

interface Trace {
  readonly spans: readonly Span[]
  readonly waitsFor: ReadonlyMap<string, ReadonlySet<string>>
  readonly tookMs: number
}

const guardMs = 10_000

function behave({ kind, ms }: Behaviour, clock: FakeClock): unknown {
  if (kind === 'returns') return undefined
  if (kind === 'throws') throw new Error('thrown')
  if (kind === 'hangs') return never
  return new Promise<void>((resolve, reject) => {
    clock.after(ms, kind === 'resolves' ? resolve : () => reject(new Error('rejected')))
  })
}

/** Runs it as its participant would, and writes down when it began and when it was over. */
function recorded(
  { name, behaviour }: Spec,
  clock: FakeClock,
  spans: Span[],
): NonNullable<Participant['onRelease']> {
  return ({ signal }) => {
    const span = { name, startedAt: clock.now(), endedAt: Infinity }
    const end = (): void => {
      span.endedAt = Math.min(span.endedAt, clock.now())
    }
    spans.push(span)
    signal.addEventListener('abort', end)
    if (behaviour.kind === 'returns' || behaviour.kind === 'throws') end()
    const result = behave(behaviour, clock)
    if (result instanceof Promise) result.then(end, end)
    return result
  }
}

const ours: Releaser = async (specs, clock) => {
  const spans: Span[] = []
  const participants = createParticipants(clock, silent)
  for (const spec of specs) {
    const { name, dependsOn, timeoutMs } = spec
    participants.add(name, {
      ...(spec.behaviour.kind !== 'has nothing to release' && { onRelease: recorded(spec, clock, spans) }),
      ...(dependsOn && { dependsOn }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
  }
  const startedAt = clock.now()
  const { done } = startReleasing({
    participants,
    clock,
    reason: 'test',
    deadlineAt: startedAt + guardMs,
    releaseMs: guardMs,
    isFollowed: () => false,
  })
  await clock.runUntil(done)
  return { spans, waitsFor: participants.order().waitsFor, tookMs: clock.now() - startedAt }
}

/** What a shutdown without an order does: everything at the same time. */
const allAtOnce: Releaser = async (specs, clock) => {
  const spans: Span[] = []
  const startedAt = clock.now()
  const context = { signal: AbortSignal.abort(), phase: 'releasing', reason: 'test', remainingMs: 0 } as const
  const { waitsFor } = await ours(specs, createFakeClock())
  for (const spec of specs) {
    try {
      void Promise.resolve(recorded(spec, clock, spans)(context)).catch(() => {})
    } catch {
      // as the others go on
    }
  }
  await clock.advance(guardMs)
  return { spans, waitsFor, tookMs: clock.now() - startedAt }
}

/** Who was closed under somebody that still needed it. */
function closedTooEarly({ spans, waitsFor }: Trace): string[] {
  const ends = new Map(spans.map(({ name, endedAt }) => [name, endedAt]))
  return spans
    .filter(({ name, startedAt }) =>
      [...(waitsFor.get(name) ?? [])].some((before) => (ends.get(before) ?? Infinity) > startedAt),
    )
    .map(({ name }) => name)
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const behaviour = fc.record({
  kind: fc.constantFrom<Behaviour['kind'][]>('returns', 'throws', 'resolves', 'rejects', 'hangs'),
  ms: fc.nat(3_000),
})
const specs = fc.shuffledSubarray(names, { minLength: 1 }).chain((chosen) =>
  fc.tuple(
    ...chosen.map((name) =>
      fc.record({
        name: fc.constant(name),
        dependsOn: fc.option(fc.subarray(names, { maxLength: 3 }), { nil: undefined }),
        timeoutMs: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
        behaviour,
      }),
    ),
  ),
)

t.test('nothing closes before what depends on it has been attempted', async (t) => {
  await fc.assert(
    fc.asyncProperty(specs, async (some) => closedTooEarly(await ours(some, createFakeClock())).length === 0),
  )
  t.end()
})

t.test('control: closing everything at once is caught by the same check', async (t) => {
  let caught = 0
  for (const some of fc.sample(specs, { numRuns: 50, seed: 1 })) {
    if (closedTooEarly(await allAtOnce(some, createFakeClock())).length > 0) caught += 1
  }
  t.ok(caught > 20, `${caught} of 50`)
})

t.test('everyone is attempted exactly once, whoever throws or hangs, and it ends in time', async (t) => {
  await fc.assert(
    fc.asyncProperty(specs, async (some) => {
      const { spans, tookMs } = await ours(some, createFakeClock())
      const attempted = spans.map(({ name }) => name).sort()
      return (
        attempted.join() ===
          some
            .map(({ name }) => name)
            .sort()
            .join() && tookMs <= guardMs
      )
    }),
  )
  t.end()
})

t.test('nobody waits longer than for those that depend on it: independent ones overlap', async (t) => {
  await fc.assert(
    fc.asyncProperty(specs, async (some) => {
      const { spans, waitsFor } = await ours(some, createFakeClock())
      const ends = new Map(spans.map(({ name, endedAt }) => [name, endedAt]))
      return spans.every(
        ({ name, startedAt }) =>
          startedAt ===
          Math.max(1_000, ...[...(waitsFor.get(name) ?? [])].map((before) => ends.get(before) ?? 0)),
      )
    }),
  )
  t.end()
})

const slow = (name: string, given: Partial<Spec> = {}): Spec => ({
  name,
  dependsOn: undefined,
  timeoutMs: undefined,
  behaviour: { kind: 'hangs', ms: 0 },
  ...given,
})

t.test('independent ones close at the same time', async (t) => {
  const takes = { behaviour: { kind: 'resolves', ms: 100 }, dependsOn: [] } as const
  const { tookMs } = await ours([slow('a', takes), slow('b', takes), slow('c', takes)], createFakeClock())
  t.equal(tookMs, 100)
})

t.test('each that hangs gets half of what is left, the last one all of it', async (t) => {
  const { spans } = await ours([slow('a'), slow('b'), slow('c')], createFakeClock())
  t.strictSame(
    spans.map(({ name, startedAt, endedAt }) => ({ name, ms: endedAt - startedAt })),
    [
      { name: 'c', ms: 5_000 },
      { name: 'b', ms: 2_500 },
      { name: 'a', ms: 2_500 },
    ],
  )
})

t.test('one that has nothing to release takes no time from the others', async (t) => {
  const idle = slow('idle', { behaviour: { kind: 'has nothing to release', ms: 0 } })
  const { spans } = await ours([idle, slow('a')], createFakeClock())
  t.strictSame(spans, [{ name: 'a', startedAt: 1_000, endedAt: 1_000 + guardMs }])
})

t.test('a timeout of its own is kept', async (t) => {
  const { spans, tookMs } = await ours([slow('a'), slow('b', { timeoutMs: 300 })], createFakeClock())
  t.strictSame(spans[0], { name: 'b', startedAt: 1_000, endedAt: 1_300 })
  t.equal(tookMs, guardMs)
})
