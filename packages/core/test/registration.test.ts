import t from 'tap'
import { createProcess, never } from './instance.js'

t.test('a participant that removes itself while it is released is still waited for', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const closed: string[] = []
  shutdown.register('pool', () => closed.push('pool'))
  const remove = shutdown.register('app', async () => {
    remove()
    await new Promise<void>((resolve) => void clock.after(100, resolve))
    closed.push('app')
  })
  const report = await clock.runUntil(shutdown.begin('test'))
  t.strictSame(closed, ['app', 'pool'])
  t.equal(report.participants.count, 2)
})

t.test('removing one during releasing does not end it before the others were attempted', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const closed: string[] = []
  for (const name of ['first', 'second']) {
    shutdown.register(name, async () => {
      await new Promise<void>((resolve) => void clock.after(100, resolve))
      closed.push(name)
    })
  }
  const remove = shutdown.register('third', () => remove())
  await clock.runUntil(shutdown.begin('test'))
  t.strictSame(closed, ['second', 'first'])
})

t.test('a participant that is removed before its turn is not released', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const removePool = shutdown.register('pool', () => t.fail('released'))
  shutdown.register('app', () => removePool())
  const report = await clock.runUntil(shutdown.begin('test'))
  t.equal(report.verdict, 'clean')
  t.strictSame(
    report.participants.items.map(({ name }) => name),
    ['app'],
  )
})

t.test('removing twice, or after the name was taken again, removes nothing else', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const remove = shutdown.register('pool', () => t.fail('the first one is gone'))
  remove()
  shutdown.register('pool', () => t.pass('the second one is released'))
  remove()
  t.plan(1)
  await clock.runUntil(shutdown.begin('test'))
})

t.test('a name is taken once', (t) => {
  const shutdown = createProcess().create()
  shutdown.register('pool', () => {})
  t.throws(() => shutdown.register('pool', () => {}), {
    code: 'ERR_LASTCALL_DUPLICATE',
    message: "A participant named 'pool' is already registered; names are unique",
  })
  t.end()
})

t.test('registering in the middle calls the phase in progress at once, and none before', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const called: string[] = []
  const everything = (name: string): void =>
    void shutdown.register(name, {
      dependsOn: [],
      onLameDuck: () => called.push(`${name}: lame duck`),
      onLastCall: () => called.push(`${name}: last call`),
      onDrain: () => called.push(`${name}: drain`),
      onRelease: () => called.push(`${name}: release`),
    })
  const hold = shutdown.hold('request')
  const report = shutdown.begin('test')
  everything('at lame duck')
  t.strictSame(called, ['at lame duck: lame duck'])
  await clock.settle()
  t.equal(shutdown.phase, 'draining')
  called.length = 0
  everything('at draining')
  t.strictSame(called, ['at draining: drain'])
  hold.release()
  await clock.runUntil(report)
  t.strictSame(called, ['at draining: drain', 'at lame duck: release', 'at draining: release'])
})

t.test('a participant that registers while another is released is released as well', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const closed: string[] = []
  shutdown.register('pool', async () => {
    shutdown.register('late, in the same turn', () => closed.push('same turn'))
    await new Promise<void>((resolve) => void clock.after(100, resolve))
    shutdown.register('late', async () => {
      await new Promise<void>((resolve) => void clock.after(100, resolve))
      closed.push('later')
    })
  })
  const report = await clock.runUntil(shutdown.begin('test'))
  t.strictSame(closed, ['same turn', 'later'])
  t.equal(report.participants.count, 3)
  t.equal(report.verdict, 'clean')
})

t.test('a wrong dependency is an error at ready()', (t) => {
  const shutdown = createProcess().create()
  const remove = shutdown.register('app', { dependsOn: ['pol'] })
  t.throws(() => shutdown.ready(), {
    code: 'ERR_LASTCALL_UNKNOWN',
    message: "Participant 'app' depends on 'pol', which nobody registered",
  })
  t.equal(shutdown.phase, 'starting')
  remove()
  shutdown.register('a', { dependsOn: ['b'] })
  shutdown.register('b', { dependsOn: ['c'] })
  shutdown.register('c', { dependsOn: ['a'] })
  t.throws(() => shutdown.ready(), {
    code: 'ERR_LASTCALL_CYCLE',
    message: 'Participants depend on each other in a circle: c → a → b → c',
  })
  t.end()
})

t.test('a wrong dependency after ready is logged, fails the shutdown, and is dropped', async (t) => {
  const { clock, create, said } = createProcess()
  const shutdown = create()
  shutdown.ready()
  const closed: string[] = []
  shutdown.register('a', { dependsOn: ['b', 'nobody'], onRelease: () => closed.push('a') })
  shutdown.register('b', { dependsOn: ['a'], onRelease: () => closed.push('b') })
  const report = await clock.runUntil(shutdown.begin('test'))
  t.strictSame(closed.sort(), ['a', 'b'])
  t.equal(report.verdict, 'failed')
  t.strictSame(
    report.participants.items.map(({ name, error }) => ({ name, error })),
    [
      { name: 'a', error: "Participant 'a' depends on 'nobody', which nobody registered" },
      { name: 'b', error: 'Participants depend on each other in a circle: b → a → b' },
    ],
  )
  t.equal(said.filter(({ details }) => details['during'] === 'dependsOn').length, 2, 'each is said once')
})

t.test('a timeout longer than releasing is warned about at ready(), and cut to it', async (t) => {
  const { clock, create, said } = createProcess()
  const shutdown = create({ releaseMs: 1_000 })
  shutdown.register('pool', { timeoutMs: 5_000, onRelease: () => never })
  shutdown.ready()
  t.match(said, [
    {
      level: 'warn',
      details: { participant: 'pool', timeoutMs: 5_000, releaseMs: 1_000 },
      message: "timeoutMs of 'pool' is longer than releaseMs and will be cut to it",
    },
  ])
  const report = await clock.runUntil(shutdown.begin('test'))
  t.equal(report.participants.items[0]?.error, "Releasing 'pool' did not finish within 1000 ms")
})

t.test('a participant that is malformed is refused with a code', (t) => {
  const shutdown = createProcess().create()
  const allowed = 'onLameDuck, onLastCall, onDrain, onCancel, onRelease, dependsOn, timeoutMs'
  const cases: { name?: unknown; participant: unknown; message: string }[] = [
    { name: '', participant: {}, message: "Participant '' needs a name that is a string and not empty" },
    { name: 7, participant: {}, message: 'Participant 7 needs a name that is a string and not empty' },
    {
      participant: undefined,
      message:
        "Participant 'pool' must be a function, which is called to release it, or an object with callbacks",
    },
    {
      participant: { onClose() {} },
      message: `Participant 'pool' has 'onClose', which is none of: ${allowed}`,
    },
    {
      participant: { onRelease: 'end' },
      message: "Participant 'pool' has a onRelease that is not a function",
    },
    {
      participant: { dependsOn: 'app' },
      message: "Participant 'pool' has a dependsOn that is not an array of names",
    },
    {
      participant: { dependsOn: [1] },
      message: "Participant 'pool' has a dependsOn that is not an array of names",
    },
    ...[0, -1, Number.NaN, Infinity, 2 ** 31, '1s'].map((timeoutMs) => ({
      participant: { timeoutMs },
      message: "Participant 'pool' has a timeoutMs that is not a number of ms from 1 to 2147483647",
    })),
  ]
  for (const { name = 'pool', participant, message } of cases) {
    t.throws(() => shutdown.register(name as string, participant as never), {
      name: 'ShutdownError',
      code: 'ERR_LASTCALL_PARTICIPANT',
      message,
    })
  }
  shutdown.register('pool', { dependsOn: undefined, timeoutMs: undefined, onDrain: undefined } as never)
  t.end()
})
