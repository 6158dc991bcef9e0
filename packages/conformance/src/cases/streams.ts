import { WebSocket } from 'ws'
import { everyProtocol, http1, type Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'

export const streams: readonly Case[] = [
  {
    name: 'an event stream is ended whole, to its terminating chunk',
    protocols: everyProtocol,
    needs: 'event-streams',
    async run({ start }) {
      const app = await start({ graceMs: 4_000, options: { lameDuck: false, lastCall: { maxMs: 1_000 } } })
      const client = await app.client()
      client.send('/events')
      await client.begun()
      app.signal()
      const { headers, body } = await client.next()
      if (client.version === 1) expect('framing', headers['transfer-encoding'], 'chunked')
      expect('events', body, 'data: hello\n\n')
      expect('end of the connection', await client.over, 'FIN')
      await endsClean(app)
    },
    control: { instead: { 'leaves it open, and truncates it when it is killed': /^truncated after/ } },
  },
  {
    name: 'a WebSocket is closed with 1012, service restart',
    protocols: http1,
    needs: 'websockets',
    async run({ start, protocol }) {
      const app = await start({ graceMs: 4_000, options: { lameDuck: false, lastCall: { maxMs: 1_000 } } })
      const scheme = protocol === 'https' ? 'wss' : 'ws'
      const socket = new WebSocket(`${scheme}://127.0.0.1:${app.port}/socket`, { rejectUnauthorized: false })
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      const closed = new Promise<number>((resolve) => socket.once('close', resolve))
      app.signal()
      expect('close code', await closed, 1012)
      await endsClean(app)
    },
    control: {
      instead: {
        'cuts it when it is killed: 1006': /^close code: 1006/,
        'closes it without a code: 1005': /^close code: 1005/,
      },
    },
  },
]
