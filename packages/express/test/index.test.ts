import * as adapter from '@lastcall/express'
import { surfaceOf } from '@lastcall/testing'
import t from 'tap'

t.test('these names are exported, and no others', async (t) => {
  const surface = surfaceOf(new URL('../dist/index.d.ts', import.meta.url))
  t.strictSame(surface, {
    public: ['LastcallMiddleware', 'LastcallOptions', 'default', 'lastcall'],
    internal: [],
  })
  t.ok(surface.public.length <= 5)
  t.strictSame(Object.keys(adapter).sort(), ['default', 'lastcall'])
})
