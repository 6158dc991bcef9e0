import type { ShutdownOptions } from '@lastcall/core'
import t from 'tap'
import { checkReadiness } from '#src/health.js'
import { internalsOf } from '#src/internals.js'
import { createFakeClock } from './fake-clock.js'
import { createProcess, never } from './instance.js'

t.test('health says what the phase says', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  t.strictSame(shutdown.health(), { live: true, ready: false, phase: 'starting' })
  shutdown.ready()
  t.strictSame(shutdown.health(), { live: true, ready: true, phase: 'running' })
  const report = shutdown.begin('test')
  t.strictSame(shutdown.health(), { live: true, ready: false, phase: 'lame-duck' })
  await clock.runUntil(report)
  t.strictSame(shutdown.health(), { live: true, ready: false, phase: 'stopped' })
})

t.test('asking for health is remembered: somebody watches', async (t) => {
  const { clock, create, registry } = createProcess()
  const shutdown = create()
  t.equal(registry.readinessAskedAt, undefined)
  await clock.advance(500)
  shutdown.health()
  t.equal(registry.readinessAskedAt, 1_500)
})

async function isReady(readiness: ShutdownOptions['readiness']): Promise<boolean> {
  const { clock, create } = createProcess()
  const shutdown = create(readiness && { readiness })
  shutdown.ready()
  return clock.runUntil(internalsOf(shutdown).checkReadiness())
}

t.test('without a check of its own an app is ready when it says so', async (t) => {
  t.equal(await isReady(undefined), true)
})

t.test('a check of its own decides', async (t) => {
  t.equal(await isReady(() => true), true)
  t.equal(await isReady(() => Promise.resolve(true)), true)
  t.equal(await isReady(() => false), false)
  t.equal(await isReady(() => Promise.resolve(false)), false)
})

t.test('a check that fails means not ready', async (t) => {
  t.equal(
    await isReady(() => {
      throw new Error('no database')
    }),
    false,
  )
  t.equal(await isReady(() => Promise.reject(new Error('no database'))), false)
})

t.test('a check that answers something else than true means not ready', async (t) => {
  t.equal(await isReady((() => 1) as never), false)
  t.equal(await isReady((() => {}) as never), false)
})

t.test('a check that takes a second is late', async (t) => {
  const clock = createFakeClock()
  const after = (ms: number) => () =>
    new Promise<boolean>((resolve) => void clock.after(ms, () => resolve(true)))
  t.equal(await clock.runUntil(checkReadiness(() => true, after(999), clock)), true)
  t.equal(await clock.runUntil(checkReadiness(() => true, after(1_001), clock)), false)
  t.equal(
    await clock.runUntil(
      checkReadiness(
        () => true,
        () => never,
        clock,
      ),
    ),
    false,
  )
})

t.test('a check leaves no timer behind', async (t) => {
  const clock = createFakeClock()
  await checkReadiness(
    () => true,
    () => true,
    clock,
  )
  t.equal(clock.pending, 0)
})

t.test('a check that rejects when it is late crashes nobody', async (t) => {
  const clock = createFakeClock()
  const rejects = (): Promise<boolean> =>
    new Promise((_, reject) => void clock.after(2_000, () => reject(new Error('no database'))))
  t.equal(await clock.runUntil(checkReadiness(() => true, rejects, clock)), false)
  await clock.advance(2_000)
})

t.test('a shutdown that begins while the check runs means not ready', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create({
    readiness: () => new Promise((resolve) => void clock.after(100, () => resolve(true))),
  })
  shutdown.ready()
  const answer = internalsOf(shutdown).checkReadiness()
  void shutdown.begin('test')
  t.equal(await clock.runUntil(answer), false)
})

t.test('the check is not asked where the phase has answered', async (t) => {
  const { create } = createProcess()
  const shutdown = create({ readiness: () => t.fail('asked') })
  t.equal(await internalsOf(shutdown).checkReadiness(), false)
})
