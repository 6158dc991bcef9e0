import { eachVersion, everyProtocol, type Case } from '../case.js'
import { expectRefusal } from '../expect-refusal.js'
import { expect } from '../expect.js'

// the drain deadline is 1 200 ms after the beginning, releasing has 300
const brief = { releaseMs: 300, lameDuck: false, lastCall: false } as const

export const deadline: readonly Case[] = [
  {
    name: 'a handler that never answers is answered for at the deadline with 503: exit code 1, and the report names the request',
    protocols: everyProtocol,
    async run({ start }) {
      const app = await start({ graceMs: 2_000, options: brief })
      const client = await app.client()
      client.send('/hang?token=secret', { body: 'a body' })
      await app.line('/hang')
      app.signal()
      await expectRefusal(client)
      const { code } = await app.ended()
      expect('exit', code, 1)
      const { verdict, cut } = await app.report()
      expect('verdict', verdict, 'forced')
      expect(
        'cut',
        cut.items.map(({ method, path }) => `${method} ${path}`),
        ['POST /hang'],
      )
    },
    control: { instead: { 'leaves it open until it is killed': /^(FIN|reset) after 0 bytes/ } },
  },
  ...(['hangs', 'fails'] as const).map((participant): Case => ({
    name: `a participant that ${participant} costs the exit code and no request, and the report names it`,
    protocols: eachVersion,
    async run({ start }) {
      const app = await start({ graceMs: 2_000, options: brief, participant })
      const held = await app.hold('a')
      app.signal()
      await app.phase('draining')
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      // a plain close waits for connections, too
      held.socket.destroy()
      const { code, signal } = await app.ended()
      expect('exit', signal ?? code, 1)
      const { verdict, participants } = await app.report()
      expect('verdict', verdict, participant === 'fails' ? 'failed' : 'forced')
      const [first] = participants.items
      expect('named', [first?.name, first?.cut], ['the participant', participant === 'hangs'])
    },
    control: {
      instead: {
        'exits 0 all the same': /^exit: 0/,
        'ends by the signal all the same': /^exit: 'SIGTERM'/,
        'hangs until it is killed': /outlived/,
        'says nothing about it': /wrote 0 reports/,
      },
    },
  })),
  {
    name: 'a second SIGINT, a second later, means now: exit code 130',
    protocols: eachVersion,
    async run({ start }) {
      const app = await start({
        graceMs: 5_000,
        options: { lameDuck: { minMs: 1_200 }, lastCall: { maxMs: 100 } },
      })
      await app.hold('a')
      app.signal('SIGINT')
      await app.phase('draining')
      app.signal('SIGINT')
      const { code, signal } = await app.ended()
      expect('exit', signal ?? code, 130)
    },
    control: { instead: { 'waits on until it is killed': /outlived/ } },
  },
  {
    name: 'a shutdown with nothing to do exits 0 within a second of its phases',
    protocols: eachVersion,
    async run({ start }) {
      const app = await start({ graceMs: 2_000 })
      app.signal()
      const { code, signal } = await app.ended()
      expect('exit', signal ?? code, 0)
      expect('verdict', (await app.report()).verdict, 'clean')
    },
    control: {
      kind: 'nothing',
      because: 'a plain close with nothing in flight exits 0, too',
      instead: { 'dies of the signal': /^exit: 'SIGTERM'/ },
    },
  },
]
