import * as http from '@lastcall/core/http'
import { surfaceOf } from '@lastcall/testing'
import t from 'tap'

t.test('these names are exported, and no others', async (t) => {
  const surface = surfaceOf(new URL('../../dist/http/index.d.ts', import.meta.url))
  t.strictSame(surface, {
    public: [
      'AdminServer',
      'AdminServerOptions',
      'Budget',
      'CloseWebSocketsOptions',
      'CutRequest',
      'DrainServerOptions',
      'DrainableServer',
      'EndEventStreamOptions',
      'FrameworkClose',
      'ProbePaths',
      'RequestLike',
      'ResponseLike',
      'WebSocketClient',
      'closeWebSockets',
      'createAdminServer',
      'drainServer',
      'endEventStream',
      'handleProbes',
      'tieClose',
    ],
    internal: [
      'Serving',
      'closeListener',
      'countRequest',
      'drainListening',
      'internalsOf',
      'isDrained',
      'isProbe',
      'noTraffic',
      'probesBeside',
      'refuse',
      'registerNumbered',
      'shadow',
      'shutdownFor',
      'whenQuiet',
    ],
  })
  const values = [...surface.public, ...surface.internal].filter((name) => /^[a-z]/.test(name))
  t.strictSame(Object.keys(http).sort(), values.sort())
})
