import * as fc from 'fast-check'
import t from 'tap'
import { checkBudget, deriveBudget, type Budget, type BudgetWishes } from '#src/budget.js'

t.test('a grace period of 30 s is divided as documented', (t) => {
  t.strictSame(deriveBudget(30_000), {
    graceMs: 30_000,
    marginMs: 1_500,
    guardMs: 28_500,
    releaseMs: 5_700,
    drainDeadlineMs: 22_800,
    lameDuck: { minMs: 4_750, quietMs: 1_000, maxMs: 9_500 },
    lastCall: { maxMs: 4_750, idleMs: 1_000 },
    cancelMs: 2_000,
  })
  t.end()
})

t.test('grace periods from 100 ms to 10 min are divided as documented', (t) => {
  const table = [100, 500, 1_600, 5_000, 10_000, 90_000, 600_000].map((graceMs) => {
    const { marginMs, guardMs, releaseMs, drainDeadlineMs, lameDuck, lastCall, cancelMs } =
      deriveBudget(graceMs)
    return [
      marginMs,
      guardMs,
      releaseMs,
      drainDeadlineMs,
      lameDuck.minMs,
      lameDuck.maxMs,
      lastCall.maxMs,
      cancelMs,
    ]
  })
  t.strictSame(table, [
    [20, 80, 16, 64, 13, 26, 13, 6],
    [100, 400, 80, 320, 66, 133, 66, 30],
    [320, 1_280, 256, 1_024, 213, 426, 213, 96],
    [500, 4_500, 900, 3_600, 750, 1_500, 750, 337],
    [500, 9_500, 1_900, 7_600, 1_583, 3_166, 1_583, 712],
    [2_000, 88_000, 10_000, 78_000, 5_000, 15_000, 5_000, 2_000],
    [2_000, 598_000, 10_000, 588_000, 5_000, 15_000, 5_000, 2_000],
  ])
  t.end()
})

t.test('quietMs and idleMs never exceed half of the maximum of their phase', (t) => {
  const { lameDuck, lastCall } = deriveBudget(1_600, {
    lameDuck: { quietMs: 400 },
    lastCall: { idleMs: 200 },
  })
  t.strictSame(lameDuck, { minMs: 213, quietMs: 213, maxMs: 426 })
  t.strictSame(lastCall, { maxMs: 213, idleMs: 106 })
  t.end()
})

t.test('a minMs above the derived maxMs lifts it', (t) => {
  t.strictSame(deriveBudget(30_000, { lameDuck: { minMs: 12_000 } }).lameDuck, {
    minMs: 12_000,
    quietMs: 1_000,
    maxMs: 12_000,
  })
  t.end()
})

t.test('a phase that is turned off has no time, and the time goes to the others', (t) => {
  const { lameDuck, lastCall, cancelMs } = deriveBudget(10_000, { lameDuck: false, lastCall: false })
  t.strictSame(lameDuck, { minMs: 0, quietMs: 0, maxMs: 0 })
  t.strictSame(lastCall, { maxMs: 0, idleMs: 0 })
  t.equal(cancelMs, 1_900)
  t.end()
})

t.test('minMs is 0 where the platform removes traffic before the signal, unless it is given', (t) => {
  t.equal(deriveBudget(30_000, { trafficIsGone: true }).lameDuck.minMs, 0)
  t.equal(deriveBudget(30_000, { trafficIsGone: true, lameDuck: { minMs: 2_000 } }).lameDuck.minMs, 2_000)
  t.end()
})

t.test('wishes that do not fit are refused with the arithmetic', (t) => {
  const start = 'The phases do not fit into the grace period: '
  for (const { wishes, message } of [
    {
      wishes: { releaseMs: 9_500 },
      message: 'grace period 10000 − margin 500 − releaseMs 9500 = 0 ms, nothing is left to drain in',
    },
    {
      wishes: { lameDuck: { maxMs: 7_700 } },
      message: 'lameDuck.maxMs 7700, but grace period 10000 − margin 500 − releaseMs 1900 leaves 7600 ms',
    },
    {
      wishes: { lameDuck: { minMs: 4_000 }, lastCall: { maxMs: 5_000 } },
      message:
        'lameDuck.minMs 4000 + lastCall.maxMs 5000 = 9000 ms, but grace period 10000 − margin 500 − releaseMs 1900 leaves 7600 ms',
    },
    {
      wishes: { lameDuck: { minMs: 7_000 }, lastCall: false, cancelMs: 700 } as const,
      message:
        'lameDuck.minMs 7000 + cancelMs 700 = 7700 ms, but grace period 10000 − margin 500 − releaseMs 1900 leaves 7600 ms',
    },
  ]) {
    t.throws(() => checkBudget(10_000, wishes), {
      name: 'ShutdownError',
      code: 'ERR_LASTCALL_BUDGET',
      message: start + message,
    })
  }
  t.end()
})

t.test('what is derived gives way to what the user set', (t) => {
  for (const { wishes, lameDuckMs, lastCallMs } of [
    { wishes: { lameDuck: { maxMs: 7_000 } }, lameDuckMs: 7_000, lastCallMs: 600 },
    { wishes: { lastCall: { maxMs: 5_000 } }, lameDuckMs: 2_600, lastCallMs: 5_000 },
    { wishes: { releaseMs: 4_700 }, lameDuckMs: 2_000, lastCallMs: 1_000 },
  ]) {
    checkBudget(10_000, wishes)
    t.match(deriveBudget(10_000, wishes), {
      lameDuck: { maxMs: lameDuckMs },
      lastCall: { maxMs: lastCallMs },
    })
  }
  t.end()
})

const grace = fc.oneof(fc.integer({ min: 100, max: 600_000 }), fc.integer({ min: 100, max: 2_000 }))
const ms = fc.oneof(fc.nat(20_000), fc.double({ min: 0, max: 20_000, noNaN: true }))
const phase = (...keys: string[]) =>
  fc.oneof(
    fc.constant(false as const),
    fc.record(Object.fromEntries(keys.map((key) => [key, ms])), { requiredKeys: [] }),
  )
const wishes: fc.Arbitrary<BudgetWishes> = fc.record(
  {
    lameDuck: phase('minMs', 'quietMs', 'maxMs'),
    lastCall: phase('maxMs', 'idleMs'),
    cancelMs: ms,
    releaseMs: ms,
    trafficIsGone: fc.boolean(),
  },
  { requiredKeys: [] },
)

/** What is wrong with a budget. */
function faults({
  graceMs,
  marginMs,
  guardMs,
  releaseMs,
  drainDeadlineMs,
  lameDuck,
  lastCall,
  cancelMs,
}: Budget): string[] {
  const values = [
    marginMs,
    guardMs,
    releaseMs,
    drainDeadlineMs,
    cancelMs,
    ...Object.values(lameDuck),
    ...Object.values(lastCall),
  ]
  const broken = {
    'not a duration': values.some((value) => !Number.isFinite(value) || value < 0),
    'guard and margin are not the grace period': Math.abs(guardMs + marginMs - graceMs) > 1e-6,
    'no margin': marginMs < Math.min(500, graceMs / 5),
    'draining and releasing do not end with the guard':
      Math.abs(drainDeadlineMs + releaseMs - guardMs) > 1e-6,
    'the phases before draining end after it': lameDuck.maxMs + lastCall.maxMs > drainDeadlineMs + 1e-6,
    'minMs is above maxMs': lameDuck.minMs > lameDuck.maxMs,
    'quietMs is too long': lameDuck.quietMs > lameDuck.maxMs / 2,
    'idleMs is too long': lastCall.idleMs > lastCall.maxMs / 2,
    'cancelMs is longer than there is time': cancelMs > drainDeadlineMs,
  }
  return Object.entries(broken).flatMap(([fault, isSo]) => (isSo ? [fault] : []))
}

t.test('for every grace period everything fits, whatever is wished', (t) => {
  fc.assert(
    fc.property(grace, wishes, (graceMs, some) => {
      const found = faults(deriveBudget(graceMs, some))
      if (found.length > 0) throw new Error(found.join(', '))
    }),
    { numRuns: 2_000 },
  )
  t.end()
})

t.test('control: a budget that does not fit is found out', (t) => {
  const good = deriveBudget(10_000)
  t.strictSame(faults(good), [])
  t.strictSame(faults({ ...good, lameDuck: { ...good.lameDuck, maxMs: 7_000 } }), [
    'the phases before draining end after it',
  ])
  t.strictSame(faults({ ...good, releaseMs: Number.NaN }), ['not a duration'])
  t.strictSame(faults({ ...good, guardMs: 10_100 }), [
    'guard and margin are not the grace period',
    'draining and releasing do not end with the guard',
  ])
  t.end()
})

t.test('derived values are never refused', (t) => {
  fc.assert(
    fc.property(grace, fc.boolean(), (graceMs, trafficIsGone) => checkBudget(graceMs, { trafficIsGone })),
  )
  t.end()
})

t.test('what is not refused is kept as it was given', (t) => {
  let kept = 0
  fc.assert(
    fc.property(grace, wishes, (graceMs, some) => {
      try {
        checkBudget(graceMs, some)
      } catch {
        return true
      }
      kept += 1
      const { lameDuck, lastCall, cancelMs, releaseMs } = deriveBudget(graceMs, some)
      return (
        releaseMs === (some.releaseMs ?? releaseMs) &&
        cancelMs === (some.cancelMs ?? cancelMs) &&
        (!some.lameDuck || lameDuck.maxMs === (some.lameDuck.maxMs ?? lameDuck.maxMs)) &&
        (!some.lastCall || lastCall.maxMs === (some.lastCall.maxMs ?? lastCall.maxMs))
      )
    }),
    { numRuns: 1_000, seed: 1 },
  )
  t.ok(kept > 100, `${kept} of 1000`)
  t.end()
})

t.test('a longer grace period never shortens anything', (t) => {
  fc.assert(
    fc.property(grace, fc.integer({ min: 1, max: 10_000 }), (graceMs, more) => {
      const [small, large] = [deriveBudget(graceMs), deriveBudget(graceMs + more)]
      return (
        small.guardMs <= large.guardMs &&
        small.releaseMs <= large.releaseMs &&
        small.drainDeadlineMs <= large.drainDeadlineMs &&
        small.lameDuck.minMs <= large.lameDuck.minMs &&
        small.lameDuck.maxMs <= large.lameDuck.maxMs &&
        small.lastCall.maxMs <= large.lastCall.maxMs &&
        // a difference of values that are rounded
        small.cancelMs <= large.cancelMs + 1
      )
    }),
    { numRuns: 2_000 },
  )
  t.end()
})
