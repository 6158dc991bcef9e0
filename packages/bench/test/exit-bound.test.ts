import type { Report } from '@lastcall/core'
import t from 'tap'
import { exitBound } from '#src/exit-bound.js'

const reportWith = (connections: number): Report => {
  const budget = {
    lameDuck: { minMs: 1_583, quietMs: 1_000, maxMs: 3_166 },
    lastCall: { maxMs: 1_583, idleMs: 791 },
  }
  // only what the bound is made of
  return { budget, phases: [{ phase: 'last-call', connections }] } as unknown as Report
}

t.test('the minimum, the quiet, two checks of 200 ms, and 10 ms for each open connection', async (t) => {
  t.equal(exitBound(reportWith(0)), 2_983)
  t.equal(exitBound(reportWith(12)), 3_103)
})

t.test('the spread is half of last call at most', async (t) => {
  t.equal(exitBound(reportWith(1_000)), 3_775)
})
