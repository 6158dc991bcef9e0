import t from 'tap'
import { peakOf } from '#src/scale/peak.js'

/** One each `everyMs`. */
const even = (count: number, everyMs: number): number[] =>
  Array.from({ length: count }, (_, place) => place * everyMs)

t.test('an even spread has no peak', async (t) => {
  t.equal(peakOf(even(1_000, 1), 1_000), 1)
})

t.test('everybody at once is all windows in one', async (t) => {
  t.equal(
    peakOf(
      Array.from({ length: 200 }, () => 5),
      1_000,
    ),
    20,
  )
})

t.test('a window begins anywhere, and times may come in any order', async (t) => {
  // 30 of 100 around the border of two windows that begin at multiples of 50 ms
  const crowd = Array.from({ length: 30 }, (_, place) => 85 + place)
  const others = Array.from({ length: 70 }, (_, place) => 300 + place * 10)
  t.equal(peakOf([...crowd, ...others].toReversed(), 1_000), 6)
})

t.test('half of the time is twice the peak', async (t) => {
  t.equal(peakOf(even(1_000, 0.5), 1_000), 2)
})
