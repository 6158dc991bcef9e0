import { readdirSync, readFileSync } from 'node:fs'
import * as core from '@lastcall/core'
import t from 'tap'

const root = new URL('..', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

t.test('these values are exported, and no others', (t) => {
  t.strictSame(Object.keys(core).sort(), ['ShutdownError', 'createShutdown', 'getShutdown'])
  t.end()
})

t.test('these types are exported, and no others', (t) => {
  const names = [...read('dist/index.d.ts').matchAll(/export (?:type )?\{([^}]*)\}/g)]
    .flatMap(([, list = '']) => list.split(','))
    .map((name) => name.replace('type', '').trim())
  t.strictSame(names.sort(), [
    'Hold',
    'Logger',
    'Participant',
    'Phase',
    'Report',
    'Shutdown',
    'ShutdownError',
    'ShutdownErrorCode',
    'ShutdownOptions',
    'createShutdown',
    'getShutdown',
  ])
  t.end()
})

t.test('an instance has these members, and no others', (t) => {
  const shutdown = core.createShutdown({ signals: false })
  t.strictSame(Object.keys(shutdown).sort(), [
    'begin',
    'cancelling',
    'health',
    'hold',
    'phase',
    'ready',
    'register',
    'stopping',
    'subscribe',
    'track',
  ])
  t.end()
})

t.test('the package depends on nothing', (t) => {
  const manifest = JSON.parse(read('package.json')) as Record<string, unknown>
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies'])
    t.equal(manifest[kind], undefined)
  t.end()
})

t.test('the core imports nothing but itself and Node, and no protocol', (t) => {
  const imported = readdirSync(new URL('dist', root))
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...read(`dist/${file}`).matchAll(/(?:from|import)\s*\(?['"]([^'"]+)['"]/g)])
    .map(([, specifier = '']) => specifier)
  const foreign = new Set(imported.filter((specifier) => !specifier.startsWith('./')))
  t.strictSame([...foreign].sort(), [
    'node:diagnostics_channel',
    'node:events',
    'node:os',
    'node:perf_hooks',
    'node:tty',
    'node:util',
  ])
  t.notOk(imported.some((specifier) => specifier.startsWith('./http/')))
  t.end()
})
