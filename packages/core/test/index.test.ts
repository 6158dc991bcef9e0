import { readdirSync, readFileSync } from 'node:fs'
import * as core from '@lastcall/core'
import * as explain from '@lastcall/core/explain'
import { surfaceOf } from '@lastcall/testing'
import t from 'tap'

const root = new URL('..', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

t.test('these names are exported, and no others', async (t) => {
  const surface = surfaceOf(new URL('dist/index.d.ts', root))
  t.strictSame(surface, {
    public: [
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
    ],
    internal: [],
  })
  t.ok(surface.public.length <= 15)
  t.strictSame(Object.keys(core).sort(), ['ShutdownError', 'createShutdown', 'getShutdown'])
})

t.test('all of core/explain is for our own packages', async (t) => {
  t.strictSame(surfaceOf(new URL('dist/explain.d.ts', root)), {
    public: [],
    internal: ['Explained', 'ExplainedName', 'Explanation', 'Origin', 'explain', 'logExplanation'],
  })
  t.strictSame(Object.keys(explain).sort(), ['explain', 'logExplanation'])
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
