import * as adapter from '@lastcall/nestjs'
import { surfaceOf } from '@lastcall/testing'
import t from 'tap'

t.test('these names are exported, and no others', async (t) => {
  const surface = surfaceOf(new URL('../dist/index.d.ts', import.meta.url))
  t.strictSame(surface, {
    public: [
      'InjectShutdown',
      'Shutdown',
      'ShutdownHealthIndicator',
      'ShutdownModule',
      'ShutdownModuleOptions',
      'ShutdownOptionsFactory',
    ],
    internal: [],
  })
  // `Shutdown` is core's
  t.ok(surface.public.length - 1 <= 5)
  t.strictSame(Object.keys(adapter).sort(), ['InjectShutdown', 'ShutdownHealthIndicator', 'ShutdownModule'])
})
