import t from 'tap'
import { createHolds } from '#src/holds.js'
import { createFakeClock } from './fake-clock.js'
import { createProcess } from './instance.js'

t.test('a hold counts until it is released; releasing it again does nothing', (t) => {
  let released = 0
  const holds = createHolds(createFakeClock(), () => (released += 1))
  const hold = holds.take('webhook', undefined)
  holds.take('job', undefined)
  t.equal(holds.size, 2)
  hold.release()
  hold.release()
  hold[Symbol.dispose]()
  t.equal(holds.size, 1)
  t.equal(released, 1)
  t.end()
})

t.test('a hold is released by Symbol.dispose', (t) => {
  const holds = createHolds(createFakeClock(), () => {})
  const hold = holds.take('webhook', undefined)
  hold[Symbol.dispose]()
  t.equal(holds.size, 0)
  t.end()
})

t.test('records name the hold and how long it was held', async (t) => {
  const clock = createFakeClock()
  const holds = createHolds(clock, () => {})
  holds.take('webhook', 'order 4711')
  await clock.advance(250.4)
  holds.take('job', undefined)
  t.strictSame(holds.records(), [
    { kind: 'webhook', label: 'order 4711', ageMs: 250 },
    { kind: 'job', label: undefined, ageMs: 0 },
  ])
})

t.test('draining waits for the last hold, and not a moment longer', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const [first, second] = [shutdown.hold('a'), shutdown.hold('b')]
  const report = shutdown.begin('test')
  await clock.advance(100)
  first.release()
  await clock.settle()
  t.equal(shutdown.phase, 'draining')
  second.release()
  await clock.settle()
  t.equal(shutdown.phase, 'stopped')
  t.match(await report, { verdict: 'clean', tookMs: 100, holdsCut: { count: 0, items: [] } })
})

t.test('track holds until the promise settles, and hands on its outcome', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const value = shutdown.track(
    new Promise<string>((resolve) => void clock.after(300, () => resolve('sent'))),
    'mail',
  )
  const error = shutdown.track(
    new Promise((_, reject) => void clock.after(200, () => reject(new Error('lost')))),
    'mail',
  )
  const report = shutdown.begin('test')
  void t.rejects(error, { message: 'lost' })
  t.match(await clock.runUntil(report), { verdict: 'clean', tookMs: 300 })
  t.equal(await value, 'sent')
})

t.test('tracking in releasing is refused', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  shutdown.register('pool', async () => {
    await t.rejects(shutdown.track(Promise.resolve(), 'mail'), {
      code: 'ERR_LASTCALL_TOO_LATE',
      message: "A hold for 'mail' is refused: the shutdown is already releasing",
    })
  })
  await clock.runUntil(shutdown.begin('test'))
})
