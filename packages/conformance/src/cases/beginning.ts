import { answered } from '../answered.js'
import { eachVersion, everyProtocol, type Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'

const brief = { lameDuck: false, lastCall: { maxMs: 100 } } as const
const because = 'a plain close waits for a request in flight, too'
const instead = { 'drops the request': /^(reset|FIN) after/ }

export const beginning: readonly Case[] = [
  {
    name: 'a shutdown begun inside a handler finishes that handler',
    protocols: everyProtocol,
    async run({ start }) {
      const app = await start({ options: brief })
      app.begins()
      const client = await app.hold('a', '/begin')
      await app.phase('draining')
      app.answer('a')
      expect('response', (await client.next()).body, 'begun')
      await endsClean(app)
      expect('reason', (await app.report()).reason, 'asked by a handler')
    },
    control: { kind: 'exit', because, instead },
  },
  {
    name: 'a shutdown begun from everywhere at once is one: by signal, by handlers, and closed by the app',
    protocols: eachVersion,
    async run({ start }) {
      const app = await start({ options: brief })
      const held = await app.hold('a')
      const clients = await Promise.all(Array.from({ length: 5 }, () => answered(app.client())))
      app.begins()
      // all of it is there before the loop goes on
      app.freeze()
      for (const [index, client] of clients.entries())
        client.send(index % 2 === 0 ? `/begin?id=${index}` : '/close')
      app.signal('SIGTERM')
      app.thaw()
      await app.phase('draining')
      for (const id of [0, 2, 4, 'a']) app.answer(String(id))
      for (const client of clients) expect('response', (await client.next()).status, 200)
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control: { kind: 'exit', because, instead },
  },
  {
    name: 'a SIGTERM that is repeated in each phase changes nothing',
    protocols: eachVersion,
    async run({ start }) {
      const app = await start({ options: { lameDuck: { minMs: 100 }, lastCall: { maxMs: 100 } } })
      const held = await app.hold('a')
      app.signal()
      for (const phase of ['lame-duck', 'last-call', 'draining'] as const) {
        await app.phase(phase)
        app.signal()
      }
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control: { kind: 'exit', because, instead },
  },
]
