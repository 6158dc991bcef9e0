import t from 'tap'
import { takeInTurn } from '#src/cost/in-turn.js'

/** A machine on which everything takes longer, window after window. */
function createMachine(slowdown: number) {
  const order: string[] = []
  return {
    order,
    take: (name: string, cost: number) => async (): Promise<number> => {
      order.push(name)
      return cost * (1 + slowdown * order.length)
    },
  }
}

t.test('each stands twice between two windows of the other', async (t) => {
  const { order, take } = createMachine(0)
  t.strictSame(await takeInTurn(take('bare', 1), take('this', 2), 2), { bare: 4, own: 8 })
  t.equal(order.join(' '), 'bare this this bare bare this this bare')
})

t.test('a machine that slows down evenly changes no ratio', async (t) => {
  for (const ratio of [1, 1.1]) {
    const { take } = createMachine(0.1)
    const { bare, own } = await takeInTurn(take('bare', 10), take('this', 10 * ratio), 3)
    t.equal((own / bare).toFixed(9), ratio.toFixed(9))
  }
})
