import { answered } from '../answered.js'
import { everyProtocol, type Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'
import { isHttp2 } from '../subject.js'

export const readiness: readonly Case[] = [
  {
    name: 'readiness answers 503 from the instant the shutdown begins, liveness 200 as long as it can be asked',
    protocols: everyProtocol,
    async run({ start, protocol }) {
      // a held request keeps last call, then draining
      const app = await start({ options: { lameDuck: { minMs: 1_000 }, lastCall: { maxMs: 1_000 } } })
      expect('readiness', (await app.ask('/readyz')).status, 200)
      expect('liveness', (await app.ask('/livez')).status, 200)
      const [open, held] = [await answered(app.client()), await app.hold('a')]
      // HTTP/2 asks between the two GOAWAYs: see the late streams
      const half = isHttp2(protocol) ? undefined : await answered(app.connect())
      half?.write('GET /livez HTTP/1.1\r\n', 'GET')
      app.signal()
      await app.phase('lame-duck')
      expect('readiness, asked anew', (await app.ask('/readyz')).status, 503)
      expect('liveness, asked anew', (await app.ask('/livez')).status, 200)
      expect('an open connection', (await open.ask('/readyz')).status, 503)
      await app.phase('draining')
      half?.write('Host: localhost\r\n\r\n')
      expect('liveness while draining', (await half?.next())?.status, half && 200)
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control: { instead: { 'lets nobody ask any more': /FIN before|ECONNREFUSED|ECONNRESET|^reset/ } },
  },
]
