import t from 'tap'
import { createCounter, losses } from '#src/drill/traffic/tally.js'

t.test('everything but ok is a loss', async (t) => {
  const counter = createCounter()
  counter.count('GET', 'ok')
  counter.count('POST', 'ok')
  for (const loss of losses) counter.count('POST', loss)
  t.strictSame(counter.tally(), {
    requests: 8,
    gets: 1,
    posts: 7,
    lost: 6,
    outcomes: { ok: 2, refused: 1, reset: 1, truncated: 1, timedOut: 1, serverError: 1, other: 1 },
  })
})

t.test('a tally does not change after it was taken', async (t) => {
  const counter = createCounter()
  const before = counter.tally()
  counter.count('GET', 'reset')
  t.equal(before.lost, 0)
  t.equal(before.outcomes.reset, 0)
})
