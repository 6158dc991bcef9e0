import { everyProtocol, http1, type Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'
import { outcomeOf, tally } from '../tally.js'

export const listener: readonly Case[] = [
  {
    name: 'new connections are served in lame duck and refused after it, never reset, while an old one gets its answer',
    protocols: everyProtocol,
    async run({ start }) {
      const app = await start({ options: { lameDuck: { minMs: 1_000 }, lastCall: { maxMs: 500 } } })
      const held = await app.hold('a')
      app.signal()
      await app.phase('lame-duck')
      expect('a new connection in lame duck', await outcomeOf(app.ask('/')), '200')
      // last call took half a second: the accept queue has been emptied meanwhile, and the listener closed
      await app.phase('draining')
      expect('a new connection afterwards', await outcomeOf(app.ask('/')), 'ECONNREFUSED')
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control: { instead: { 'refuses, resets or ends them at once': /ECONNREFUSED|ECONNRESET|reset|'FIN'/ } },
  },
  {
    name: 'connections that waited in the accept queue when the signal came are all answered',
    protocols: http1,
    async run({ start, protocol }) {
      // handshakes cost time, and emptying the queue has two seconds
      const clients = protocol === 'https' ? 50 : 200
      const app = await start({ graceMs: 20_000, options: { lameDuck: false } })
      // as a loop would that is busy; the kernel finishes the handshakes meanwhile
      app.freeze()
      const waiting = await Promise.all(Array.from({ length: clients }, () => app.connect({ early: true })))
      for (const [index, client] of waiting.entries())
        client.send(
          ...((index % 2 === 0 ? ['/'] : ['/ignore', { body: 'x'.repeat(200) }]) as Parameters<
            typeof client.send
          >),
        )
      app.signal()
      app.thaw()
      expect('answers', await tally(waiting.map((client) => client.next())), { 200: clients })
      await endsClean(app)
    },
    control: { instead: { 'resets them': /reset: \d/ } },
  },
]
