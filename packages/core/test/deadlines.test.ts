import t from 'tap'
import { longestTimerMs, systemClock } from '#src/clock.js'
import { createDeadlines } from '#src/deadlines.js'
import { createFakeClock } from './fake-clock.js'
import { never } from './instance.js'

t.test('a deadline calls back at its time, on the clock', async (t) => {
  const clock = createFakeClock()
  const deadlines = createDeadlines(clock, clock.now())
  const fired: number[] = []
  deadlines.at(clock.now() + 100, () => fired.push(deadlines.elapsed()))
  const cancel = deadlines.at(clock.now() + 50, () => t.fail('cancelled'))
  cancel()
  cancel()
  await clock.advance(99)
  t.strictSame(fired, [])
  await clock.advance(1)
  t.strictSame(fired, [100])
})

t.test('a deadline in the past comes at once', async (t) => {
  const clock = createFakeClock()
  const deadlines = createDeadlines(clock, clock.now())
  t.equal(await clock.runUntil(deadlines.within(never, clock.now() - 100)), false)
  t.equal(deadlines.elapsed(), 0)
})

t.test('within says whether a promise settles in time, whichever way', async (t) => {
  const clock = createFakeClock()
  const deadlines = createDeadlines(clock, clock.now())
  const end = clock.now() + 100
  t.equal(await deadlines.within(Promise.resolve(), end), true)
  t.equal(await deadlines.within(Promise.reject(new Error('no')), end), true)
  t.equal(clock.pending, 0, 'no timer is left')
  t.equal(await clock.runUntil(deadlines.within(never, end)), false)
})

t.test('clear forgets every deadline', async (t) => {
  const clock = createFakeClock()
  const deadlines = createDeadlines(clock, clock.now())
  deadlines.at(clock.now() + 10, () => t.fail('cleared'))
  void deadlines.within(never, clock.now() + 20)
  t.equal(clock.pending, 2)
  deadlines.clear()
  t.equal(clock.pending, 0)
})

t.test('deadlines keep the process alive until they are cleared', (t) => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const deadlines = createDeadlines(systemClock, systemClock.now())
  deadlines.at(systemClock.now() + 60_000, () => {})
  t.equal(timers(), before + 1)
  deadlines.clear()
  t.equal(timers(), before)
  t.end()
})

t.test('a timer of the system clock does not keep the process alive unless it is told to', (t) => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const cancels = [systemClock.after(60_000, () => {}), systemClock.after(60_000, () => {}, false)]
  t.equal(timers(), before)
  cancels.push(systemClock.after(60_000, () => {}, true))
  t.equal(timers(), before + 1)
  for (const cancel of cancels) cancel()
  t.equal(timers(), before)
  t.end()
})

t.test('a turn of the system clock comes after what has arrived was read', async (t) => {
  const order: string[] = []
  await new Promise<void>((resolve) => {
    systemClock.turn(() => {
      order.push('turn')
      resolve()
    })
    void Promise.resolve().then(() => order.push('microtask'))
    process.nextTick(() => order.push('tick'))
  })
  t.strictSame(order.sort(), ['microtask', 'tick', 'turn'])
})

t.test('the longest timer is as long as Node can wait', (t) => {
  t.equal(longestTimerMs, 2 ** 31 - 1)
  t.end()
})
