import { http1, http2, type Case } from '../case.js'
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
  {
    name: 'idle sessions are told to go, and do not hold the exit, even if their clients stay; nor do those that say nothing',
    protocols: http2,
    async run({ start }) {
      const app = await start({ graceMs: 4_000, options: brief })
      const idle = await Promise.all([
        app.frames(),
        app.frames({ stays: true }),
        app.frames({ stays: true, acknowledges: false }),
      ])
      for (const client of idle) await client.next('SETTINGS')
      const silent = await Promise.all(['', 'PRI * HT'].map((says) => app.frames({ says })))
      const noHandshake = await app.connect({ tls: false })
      app.signal()
      for (const client of idle) await client.next('GOAWAY', { code: 0 })
      for (const client of idle) expect('end of the connection', await client.over, 'FIN')
      await Promise.all([...silent, noHandshake].map(({ over }) => over))
      await endsClean(app)
    },
    control: {
      instead: {
        'tells nobody': /before a GOAWAY came/,
        'waits for them until it is killed': /outlived/,
      },
    },
  },
]
