import t from 'tap'
import { createCrowd, ordinarySize } from '#src/drill/traffic/crowd.js'

const size = (crowd: ReturnType<typeof createCrowd>): number =>
  crowd.filter(({ sends }) => sends === 'orders').reduce((sum, { count }) => sum + count, 0)

t.test('the ordinary crowd has every kind of client', async (t) => {
  const crowd = createCrowd()
  t.equal(size(crowd), ordinarySize)
  t.strictSame(
    new Set(crowd.map(({ keeps }) => keeps)),
    new Set(['while-ready', 'until-closed', 'one-request']),
  )
  t.ok(crowd.some(({ keeps, thinkMs }) => keeps === 'until-closed' && thinkMs[1] === 20))
  t.ok(crowd.some(({ keeps, thinkMs }) => keeps === 'until-closed' && thinkMs[1] === 4_000))
  t.match(
    crowd.filter(({ sends }) => sends !== 'orders').map(({ sends, count }) => [sends, count]),
    [
      ['slow', 1],
      ['large', 1],
    ],
  )
})

t.test('a larger or smaller crowd keeps the proportions', async (t) => {
  t.equal(size(createCrowd(2 * ordinarySize)), 2 * ordinarySize)
  const small = createCrowd(1)
  t.ok(small.every(({ count }) => count === 1))
  t.equal(small.length, createCrowd().length)
})
