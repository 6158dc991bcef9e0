import t from 'tap'
import type { Drain } from '#src/scale/run.js'
import { formatRow, judge } from '#src/scale/summary.js'

const crowd = { connections: 1_000, spreadMs: 1_000 }
const drain = (everyMs: number, given: Partial<Drain> = {}): Drain => ({
  closes: Array.from({ length: 1_000 }, (_, place) => 10 + place * everyMs),
  exitMs: 1_234.4,
  exitCode: 0,
  loop: { maxMs: 3, p99Ms: 1, processorMs: 400 },
  spreadMs: undefined,
  ...given,
})
const ours = { name: 'ours', all: [drain(1)] }
const control = { name: 'control', all: [drain(0)] }

t.test('an even spread beside a control that has none passes', async (t) => {
  t.strictSame(judge(ours, control, crowd, 1.5), [])
})

t.test('a peak, an exit code or a control that closes evenly fails', async (t) => {
  t.match(judge({ name: 'ours', all: [drain(0.5)] }, control, crowd, 1.5), [/ours: a peak of 2\.00/])
  t.match(judge({ name: 'ours', all: [drain(1, { exitCode: 1 })] }, control, crowd, 1.5), [/exit code/])
  t.match(judge(ours, ours, crowd, 1.5), [/proves nothing/])
})

t.test('the median of the runs is what counts, and the worst is shown', async (t) => {
  const all = [drain(1), drain(1), drain(0.5, { exitMs: 2_000 })]
  t.strictSame(judge({ name: 'ours', all }, control, crowd, 1.5), [])
  t.strictSame(formatRow({ name: 'ours', all }, crowd), [
    'ours',
    '10 ms (10 ms)',
    '1,009 ms (1,009 ms)',
    '1.00 (2.00)',
    '1,234 ms (2,000 ms)',
    '3 ms (3 ms)',
    '1 ms (1 ms)',
    '400 ms (400 ms)',
    '0',
  ])
})
