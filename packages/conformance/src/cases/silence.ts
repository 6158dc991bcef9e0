import { http1, type Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'

const brief = { lameDuck: false, lastCall: { maxMs: 1_000 } } as const

export const silence: readonly Case[] = [
  {
    name: 'connections that never say anything, or half a head, do not hold the exit',
    protocols: http1,
    async run({ start }) {
      const app = await start({ graceMs: 4_000, options: brief })
      const silent = await app.connect()
      const half = await app.connect()
      half.write('GET / HT')
      const noHandshake = await app.connect({ tls: false })
      app.signal()
      expect('the silent one', await silent.over, 'FIN')
      await Promise.all([half.over, noHandshake.over])
      await endsClean(app)
    },
    control: { instead: { 'waits for them until it is killed': /outlived/ } },
  },
]
