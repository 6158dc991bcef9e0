import { answered } from '../answered.js'
import { http1, type Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expectRefusal } from '../expect-refusal.js'
import { expect } from '../expect.js'
import type { RawClient } from '../raw-client.js'

/** Asks until the server says close, which must be on the last answer that is owed; true when it did. */
async function askUntilTold(client: RawClient, atOnce: number): Promise<boolean> {
  for (;;) {
    // in one piece
    client.socket.cork()
    for (let count = 0; count < atOnce; count += 1) client.send('/echo', { body: `echo ${count}` })
    client.socket.uncork()
    for (let count = 0; count < atOnce; count += 1) {
      const { body, headers } = await client.next()
      expect('answer', body, `echo ${count}`)
      if (headers['connection'] !== 'close') continue
      // whatever came after it would end the connection otherwise
      expect('end of the connection', await client.over, 'FIN')
      return count === atOnce - 1
    }
  }
}

const bodiless = [
  { id: 'head', method: 'HEAD', query: '' },
  { id: '204', method: 'GET', query: '&status=204' },
  { id: '304', method: 'GET', query: '&status=304' },
]

export const lastCall: readonly Case[] = [
  {
    name: 'in last call each of 20 busy connections is told to close exactly once, on the last answer that it is owed',
    protocols: http1,
    async run({ start }) {
      // a client is busy as long as this process is not held up for longer than it may be idle
      const app = await start({ options: { lameDuck: false, lastCall: { maxMs: 4_000, idleMs: 2_000 } } })
      const clients = await Promise.all(Array.from({ length: 20 }, () => app.connect()))
      for (const client of clients)
        expect('answer', (await client.ask('/')).headers['connection'], 'keep-alive')
      // every second one has two requests on their way at a time
      const told = clients.map((client, index) => askUntilTold(client, 1 + (index % 2)))
      app.signal()
      expect('all on the last', new Set(await Promise.all(told)), new Set([true]))
      await endsClean(app)
    },
    control: { instead: { 'closes them between two requests': /^(FIN|reset) after/ } },
  },
  {
    name: 'HEAD, 204 and 304 end where their heads end, in last call and while draining, the refusal of a HEAD too',
    protocols: http1,
    async run({ start }) {
      const app = await start({ graceMs: 4_000, options: { lameDuck: false, lastCall: { maxMs: 1_000 } } })
      const hold = (phase: string): Promise<RawClient[]> =>
        Promise.all(
          bodiless.map(async ({ id, method, query }) => {
            const client = await app.connect()
            client.send(`/held?id=${phase}-${id}${query}`, { method })
            await app.line(`/held?id=${phase}-${id}`)
            return client
          }),
        )
      const [inLastCall, inDraining] = [await hold('last-call'), await hold('draining')]
      const late = await answered(app.connect())
      late.write('HEAD / HTTP/1.1\r\n', 'HEAD')
      app.signal()
      for (const [phase, clients] of [
        ['last-call', inLastCall],
        ['draining', inDraining],
      ] as const) {
        await app.phase(phase)
        if (phase === 'draining') {
          late.write('Host: localhost\r\n\r\n')
          await expectRefusal(late)
        }
        for (const { id } of bodiless) app.answer(`${phase}-${id}`)
        for (const client of clients) expect('body', (await client.next()).body, '')
        // nothing came after the head
        for (const client of clients) expect('end of the connection', await client.over, 'FIN')
      }
      await endsClean(app)
    },
    control: {
      instead: {
        'leaves their connections open until it is killed': /^(FIN|reset) after/,
      },
    },
  },
]
