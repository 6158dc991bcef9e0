import { loadStreams, seeded, type StreamTally } from '@lastcall/testing'
import type { App } from '../app.js'
import type { Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'

const shutdowns = 10
const oneWayMs = 30

async function shutDown(app: App, seed: number): Promise<StreamTally> {
  const { port } = await app.relay(oneWayMs)
  const client = await app.frames({ port })
  const loaded = loadStreams(client, seeded(seed))
  // in full swing: the first answers have come back
  await client.next('DATA')
  app.signal()
  return loaded
}

export const refusedStreams: readonly Case[] = [
  {
    name: `of some 1 000 streams a second, ${oneWayMs} ms away, at most one is refused per shutdown, and each gets to know`,
    protocols: ['http2'],
    alone: true,
    async run({ start, comment }) {
      const options = { lameDuck: false, lastCall: { maxMs: 6_000 } } as const
      const tallies: StreamTally[] = []
      const sum = (name: keyof StreamTally): number => tallies.reduce((all, tally) => all + tally[name], 0)
      // after the first one the control is over
      for (const count of [1, shutdowns - 1]) {
        const apps = await Promise.all(Array.from({ length: count }, () => start({ options })))
        // one after the other: the load is that of one
        for (const app of apps) tallies.push(await shutDown(app, tallies.length + 1))
        const what = `${sum('refused')} of ${sum('total')} were refused`
        comment(`${what} in ${tallies.length} shutdowns`)
        expect('neither answered nor refused', sum('total') - sum('answered') - sum('refused'), 0)
        if (sum('refused') > shutdowns) throw new Error(what)
        await Promise.all(apps.map(endsClean))
      }
    },
    control: {
      kind: 'goaway',
      because: 'a plain close on Node 20 and 22 tells nobody, and hangs',
      instead: { 'refuses what is on its way': /^\d{2,} of \d+ were refused/ },
    },
  },
]
