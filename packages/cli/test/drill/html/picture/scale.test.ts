import * as fc from 'fast-check'
import t from 'tap'
import { chooseTicks, coordinate, createScale } from '#src/drill/html/picture/scale.js'

const anyRange = fc
  .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: 1, max: 400_000 }))
  .map(([from, length]): [number, number] => [from, from + length])

t.test('both ends of the time are at both edges, and nothing is outside of them', async () => {
  fc.assert(
    fc.property(anyRange, fc.integer({ min: -1_000_000, max: 1_000_000 }), ([from, to], ms) => {
      const scale = createScale([from, to], [132, 952])
      const x = scale(ms)
      return scale(from) === 132 && Math.abs(scale(to) - 952) < 1e-6 && x >= 132 && x <= 952 + 1e-6
    }),
  )
})

t.test('what is later is never further left', async () => {
  fc.assert(
    fc.property(anyRange, fc.integer(), fc.integer(), (range, a, b) => {
      const scale = createScale(range, [0, 100])
      return a <= b ? scale(a) <= scale(b) : scale(a) >= scale(b)
    }),
  )
})

t.test('a time without any length has a place all the same', async (t) => {
  t.equal(createScale([5, 5], [10, 20])(5), 10)
})

t.test('ticks are round, evenly spread, within the time, and not too many', async () => {
  fc.assert(
    fc.property(anyRange, fc.integer({ min: 2, max: 12 }), (range, most) => {
      const ticks = chooseTicks(createScale(range, [0, 100]), most)
      const [first = 0, second = first + 1] = ticks
      const step = second - first
      return (
        ticks.length <= most + 1 &&
        ticks.every((tick, index) => tick >= range[0] && tick <= range[1] && tick === first + index * step)
      )
    }),
  )
})

t.test('steps are 1, 2 or 5 times a power of ten', async (t) => {
  const ticks = (from: number, to: number) => chooseTicks(createScale([from, to], [0, 100]), 10)
  t.strictSame(ticks(-400, 5_300).slice(0, 4), [0, 1_000, 2_000, 3_000])
  t.strictSame(ticks(-60, 700).slice(0, 4), [0, 100, 200, 300])
  t.strictSame(ticks(-250, 1_700).slice(0, 4), [-200, 0, 200, 400])
  t.strictSame(ticks(0, 40_000).slice(0, 3), [0, 5_000, 10_000])
})

t.test('coordinates have a decimal at most, and no negative zero', async (t) => {
  t.equal(coordinate(12.3456), 12.3)
  t.ok(Object.is(coordinate(-0.01), 0))
})
