import { createShutdown, getShutdown, type Logger, type Shutdown } from '@lastcall/core'
import t from 'tap'
import { registry } from '#src/registry.js'

const events = ['SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException'] as const
const listeners = (): number[] => events.map((event) => process.listenerCount(event))
const silentLogger: Logger = { info() {}, warn() {}, error() {} }
const open = (options = {}): Shutdown => createShutdown({ logger: silentLogger, ...options })

t.test('the process listeners come with the first instance and go with the last', async (t) => {
  const before = listeners()
  const first = open()
  const with1 = listeners()
  t.strictSame(
    with1.slice(0, 3).map((count, index) => count - (before[index] ?? 0)),
    [1, 1, 0],
  )
  const second = open()
  t.strictSame(listeners(), with1, 'the second adds none')
  await first.begin('test')
  t.strictSame(listeners(), with1, 'they stay for the second')
  await second.begin('test')
  t.strictSame(listeners(), before)
})

t.test('a signal that only the second instance wants is listened to once', async (t) => {
  const before = listeners()
  const [first, second, third] = [
    open({ signals: false }),
    open({ signals: ['SIGHUP'] }),
    open({ signals: ['SIGHUP'] }),
  ]
  t.strictSame(
    listeners().map((count, index) => count - (before[index] ?? 0)),
    [0, 0, 1, 0],
  )
  for (const instance of [first, second, third]) await instance.begin('test')
  t.strictSame(listeners(), before)
})

t.test('a hundred instances opened and closed in one process leave no listener', async (t) => {
  const before = listeners()
  const warnings: string[] = []
  const warned = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', warned)
  const together = Array.from({ length: 50 }, () => open())
  for (const instance of together) instance.ready()
  await Promise.all(together.map((instance) => instance.begin('test')))
  for (let count = 0; count < 50; count += 1) {
    const instance = open()
    instance.ready()
    await instance.begin('test')
  }
  process.removeListener('warning', warned)
  t.strictSame(listeners(), before)
  t.equal(registry().members.size, 0)
  t.strictSame(warnings, [])
})

t.test('getShutdown gives the same instance each time', async (t) => {
  const shared = getShutdown()
  t.equal(getShutdown(), shared)
  t.not(open(), shared)
  t.equal(registry().shared, shared)
})

t.test('the registry sits under its registered symbol, and tolerates fields it does not know', (t) => {
  const found = (globalThis as Record<symbol, unknown>)[Symbol.for('lastcall.registry.1')]
  t.equal(found, registry())
  Object.assign(found as object, { fieldOfTheNextVersion: 1 })
  t.equal(registry(), found)
  t.end()
})

t.test('crashes: false adds no listener for uncaught errors', async (t) => {
  const before = process.listenerCount('uncaughtException')
  const instance = open({ crashes: false })
  instance.ready()
  t.equal(process.listenerCount('uncaughtException'), before)
  await instance.begin('test')
})
