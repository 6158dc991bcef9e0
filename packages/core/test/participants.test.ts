import t from 'tap'
import { internalsOf } from '#src/internals.js'
import { leads, type PhaseContext } from '#src/participants.js'
import { after, createProcess, never, serve } from './instance.js'

t.test('each callback is told its phase, the reason, and a signal', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const seen: [string, string, boolean][] = []
  const look = ({ phase, reason, signal }: PhaseContext): void =>
    void seen.push([phase, reason, signal.aborted])
  shutdown.register('app', {
    onLameDuck: look,
    onLastCall: look,
    onDrain: look,
    onCancel: look,
    onRelease: look,
  })
  shutdown.hold('job')
  await clock.runUntil(shutdown.begin('SIGTERM'))
  t.strictSame(seen, [
    ['lame-duck', 'SIGTERM', false],
    ['last-call', 'SIGTERM', false],
    ['draining', 'SIGTERM', false],
    ['draining', 'SIGTERM', false],
    ['releasing', 'SIGTERM', false],
  ])
})

t.test('callbacks are called as methods of the participant', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const participant = {
    onRelease(this: unknown) {
      t.equal(this, participant)
    },
  }
  shutdown.register('pool', participant)
  t.plan(1)
  await clock.runUntil(shutdown.begin('test'))
})

t.test('outside releasing participants run at the same time', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  for (const name of ['a', 'b', 'c']) {
    shutdown.register(name, { onDrain: () => new Promise<void>((resolve) => void clock.after(100, resolve)) })
  }
  t.match(await clock.runUntil(shutdown.begin('test')), { tookMs: 100, verdict: 'clean' })
})

t.test('onDrain starts when the earlier callbacks have settled', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const startedAt = clock.now()
  const times: Record<string, number> = {}
  const slow = (name: string, ms: number) => async (): Promise<void> => {
    times[name] = clock.now() - startedAt
    await new Promise<void>((resolve) => void clock.after(ms, resolve))
  }
  shutdown.register('consumer', {
    onLameDuck: slow('onLameDuck', 300),
    onLastCall: slow('onLastCall', 500),
    onDrain: slow('onDrain', 10),
  })
  const report = await clock.runUntil(shutdown.begin('test'))
  t.strictSame(times, { onLameDuck: 0, onLastCall: 0, onDrain: 500 })
  t.equal(report.tookMs, 510)
})

t.test('onDrain starts at the drain deadline at the latest', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const startedAt = clock.now()
  let drainedAt = -1
  shutdown.register('consumer', {
    onLameDuck: () => never,
    onDrain() {
      drainedAt = clock.now() - startedAt
    },
  })
  await clock.runUntil(shutdown.begin('test'))
  t.equal(drainedAt, 7_600)
})

t.test('the signal of onDrain aborts at the drain deadline, with the reason', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const startedAt = clock.now()
  let aborted: { at: number; reason: unknown } | undefined
  shutdown.register('consumer', {
    onDrain: ({ signal }) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = { at: clock.now() - startedAt, reason: signal.reason }
          resolve()
        })
      }),
  })
  await clock.runUntil(shutdown.begin('test'))
  t.match(aborted, { at: 7_600, reason: { code: 'ERR_LASTCALL_TIMEOUT' } })
})

t.test('every callback is told what is left of its phase', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  serve(shutdown, clock, 100)
  shutdown.ready()
  shutdown.health()
  const told: Record<string, number> = {}
  const look = ({ phase, remainingMs }: PhaseContext): void => void (told[phase] = remainingMs)
  shutdown.register('it', { onLameDuck: look, onLastCall: look, onDrain: look, onRelease: look })
  await clock.runUntil(shutdown.begin('test'))
  t.strictSame(told, {
    'lame-duck': 3_166,
    'last-call': 1_583,
    draining: 7_600 - 200,
    releasing: 9_500 - 200,
  })
})

t.test('onDrain that had to wait is told what is left by then', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  let remainingMs = -1
  shutdown.register('it', {
    onLameDuck: () => after(clock, 600),
    onDrain: (context) => void ({ remainingMs } = context),
  })
  await clock.runUntil(shutdown.begin('test'))
  t.equal(remainingMs, 7_000)
})

t.test('nothing is left of a last call that is left out because the app is closed directly', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  serve(shutdown, clock, 100)
  const told: unknown[] = []
  shutdown.register('it', {
    onLastCall: ({ remainingMs, signal }) => void told.push(remainingMs, signal.aborted),
  })
  await clock.runUntil(internalsOf(shutdown).close('test'))
  t.strictSame(told, [0, false])
})

t.test('onCancel gets the last moments of draining to give up in good order', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  let giveUp = (): void => {}
  shutdown.register('job', {
    onDrain: () => new Promise<void>((resolve) => (giveUp = resolve)),
    onCancel: () => clock.after(100, giveUp) && undefined,
  })
  // cancelMs is 712: (7 600 − 3 166 − 1 583) / 4
  t.match(await clock.runUntil(shutdown.begin('test')), { verdict: 'clean', tookMs: 7_600 - 712 + 100 })
})

t.test('a callback that is cut and rejects later crashes nobody', async (t) => {
  const { clock, create, said } = createProcess()
  const shutdown = create()
  shutdown.register(
    'pool',
    () => new Promise((_, reject) => void clock.after(60_000, () => reject(new Error('late')))),
  )
  const report = await clock.runUntil(shutdown.begin('test'))
  t.equal(report.verdict, 'forced')
  await clock.advance(60_000)
  t.equal(said.at(-1)?.message, "participant 'pool' failed in onRelease")
})

t.test('whatever is thrown, even nothing, is a failure', async (t) => {
  for (const [thrown, error] of [
    ['text', 'text'],
    [undefined, 'onRelease failed without an error'],
    [null, 'onRelease failed without an error'],
  ]) {
    const { clock, create } = createProcess()
    const shutdown = create()
    shutdown.register('pool', () => Promise.reject(thrown))
    const report = await clock.runUntil(shutdown.begin('test'))
    t.match(report, { verdict: 'failed', participants: { items: [{ error }] } })
  }
})

t.test('a thenable that is no promise is waited for', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  // oxlint-disable-next-line unicorn/no-thenable -- what some query builders return
  shutdown.register('pool', () => ({ then: (resolve: () => void) => void clock.after(100, resolve) }))
  const report = await clock.runUntil(shutdown.begin('test'))
  t.match(report, { tookMs: 100, participants: { items: [{ name: 'pool', releaseMs: 100 }] } })
})

t.test('the participant of an adapter is released before all others', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const closed: string[] = []
  shutdown.register('app', { [leads]: true, onRelease: () => void closed.push('app') } as never)
  shutdown.register('pool', () => closed.push('pool'))
  shutdown.register('named', { dependsOn: ['app'], onRelease: () => void closed.push('named') })
  await clock.runUntil(shutdown.begin('test'))
  t.strictSame(closed, ['named', 'app', 'pool'])
})
