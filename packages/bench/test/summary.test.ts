import t from 'tap'
import { formatShare, summarise } from '#src/summary.js'
import { lostPost, restart } from './restarts.js'

t.test('losses are counted by kind, and by restart', async (t) => {
  const refused = { ...lostPost, method: 'GET', outcome: 'refused' } as const
  const summary = summarise([restart(), restart({ lost: [lostPost, refused] }), restart({ lost: [refused] })])
  t.match(summary, {
    restarts: 3,
    requests: 300,
    lost: { reset: 1, refused: 2, serverError: 0 },
    lostInAll: 3,
    lostPosts: 1,
    restartsWithLoss: 2,
    balancerErrors: undefined,
  })
})

t.test('every end but 0 is a bad one, and so is one that was forced', async (t) => {
  const { badExits } = summarise([
    restart(),
    restart({ exitCode: 15 }),
    restart({ exitCode: null, exitSignal: 'SIGTERM' }),
    restart({ forced: true }),
  ])
  t.equal(badExits, 3)
})

t.test('the time to the exit is told by its median and its maximum', async (t) => {
  const { stopMedianMs, stopMaxMs } = summarise([300, 100, 200].map((stopMs) => restart({ stopMs })))
  t.strictSame([stopMedianMs, stopMaxMs], [200, 300])
})

t.test('shares have two digits, however small they are', async (t) => {
  t.strictSame([0.0000299, 0.0149, 0.2589, 0.9949, 1].map(formatShare), [
    '0.003 %',
    '1.5 %',
    '26 %',
    '100 %',
    '100 %',
  ])
})
