import t from 'tap'
import { medianInterval, medianOf } from '#src/cost/interval.js'

/** 1, 2, 3 … in another order: a value is its own rank. */
const ranks = (count: number): number[] =>
  Array.from({ length: count }, (_, place) => ((place * 7) % count) + 1).filter((rank) => rank <= count)

t.test('the ends are the ranks of the sign test', async (t) => {
  // Conover, Practical Nonparametric Statistics, binomial table for p = ½
  const ends: Readonly<Record<number, readonly [number, number]>> = {
    6: [1, 6],
    9: [2, 8],
    20: [6, 15],
    30: [10, 21],
    50: [18, 33],
    100: [40, 61],
  }
  for (const [count, [low, high]] of Object.entries(ends)) {
    const { low: from, high: to } = medianInterval(ranks(Number(count)))
    t.strictSame([from, to], [low, high], `${count} values`)
  }
})

t.test('fewer than six values leave it without ends', async (t) => {
  t.strictSame(medianInterval([3, 1, 2, 5, 4]), { median: 3, low: -Infinity, high: Infinity })
})

t.test('one wild value does not move it', async (t) => {
  const calm = medianInterval(ranks(30))
  t.strictSame(medianInterval(ranks(30).map((rank) => (rank === 30 ? 9_999 : rank))), calm)
})

t.test('the median of an even number is between the two in the middle', async (t) => {
  t.equal(medianOf([4, 1, 3, 2]), 2.5)
  t.equal(medianOf([3, 1, 2]), 2)
})
