import t from 'tap'
import { chooseWindow } from '#src/drill/html/picture/window.js'
import { exchange, record } from '../example-drill.js'

// SIGTERM at 0, exit at 3,000, ready at 3,404

t.test('it is from a little before the signal to a little after the new process is ready', async (t) => {
  t.strictSame(chooseWindow(record(), 30_000), [-400, 3_904])
  t.strictSame(chooseWindow(record({ endedAt: 3_500 }), 30_000), [-400, 3_500])
})

t.test('whatever is lost and counted here is within it', async (t) => {
  const exchanges = [exchange(-1_200, -1_000, 'reset'), exchange(0, 8_000, 'timedOut')]
  t.strictSame(chooseWindow(record({ exchanges }), 30_000), [-1_020, 8_020])
  t.strictSame(chooseWindow(record({ exchanges }, { number: 2 }), 30_000), [-400, 8_020])
})

t.test('so is the end of the grace period when it is near', async (t) => {
  t.strictSame(chooseWindow(record(), 4_500), [-400, 4_550])
  t.strictSame(chooseWindow(record(), 3_000), [-400, 3_904])
  t.strictSame(chooseWindow(record(), 5_000), [-400, 3_904])
})
