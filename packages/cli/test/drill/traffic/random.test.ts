import t from 'tap'
import { between, createRandom, pick } from '#src/drill/traffic/random.js'

t.test('the same seed gives the same numbers, another one gives others', async (t) => {
  const draw = (seed: number): number[] => Array.from({ length: 5 }, createRandom(seed))
  t.strictSame(draw(1), draw(1))
  t.notSame(draw(1), draw(2))
})

t.test('numbers are spread evenly between 0 and 1', async (t) => {
  const random = createRandom(7)
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let drawn = 0; drawn < 10_000; drawn++) {
    const tenth = Math.floor(random() * 10)
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  for (const count of tenths) t.ok(count > 900 && count < 1_100, `${count} of 10000`)
})

t.test('between stays inside its bounds', async (t) => {
  t.equal(
    between(() => 0, [20, 180]),
    20,
  )
  t.equal(
    between(() => 0.5, [20, 180]),
    100,
  )
})

t.test('pick reaches every item, and says so when there is none', async (t) => {
  const random = createRandom(1)
  const picked = new Set(Array.from({ length: 100 }, () => pick(random, ['a', 'b', 'c'])))
  t.strictSame(picked, new Set(['a', 'b', 'c']))
  t.equal(pick(random, []), undefined)
})
