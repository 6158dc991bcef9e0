import t from 'tap'
import { upperBound } from '#src/upper-bound.js'

const rounded = (events: number, trials: number): number => Number(upperBound(events, trials).toPrecision(4))

t.test('after no event at all it is 1 − 0.05^(1/n), about three in n', async (t) => {
  t.equal(rounded(0, 1), 0.95)
  t.equal(rounded(0, 10), 0.2589)
  t.equal(rounded(0, 200), 0.01487)
  t.equal(rounded(0, 1_000_000), 0.000002996)
})

t.test('after some it is that of Clopper and Pearson', async (t) => {
  t.equal(rounded(1, 10), 0.3942)
  t.equal(rounded(2, 20), 0.2826)
  t.equal(rounded(5, 100), 0.1023)
  t.equal(rounded(9, 10), 0.9949)
})

t.test('among many trials it is that of Poisson, where nothing may underflow', async (t) => {
  // half of the 95 % points of chi-squared with 4 and with 202 degrees of freedom
  t.equal(Number((upperBound(1, 10_000_000) * 1e7).toPrecision(4)), 4.744)
  t.equal(Number((upperBound(100, 10_000_000) * 1e7).toPrecision(4)), 118.1)
})

t.test('it is 1 when nothing else was seen, and when nothing was tried', async (t) => {
  t.equal(upperBound(3, 3), 1)
  t.equal(upperBound(0, 0), 1)
})
