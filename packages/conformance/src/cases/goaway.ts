import { everyStream, isAck, type Frame } from '@lastcall/testing'
import { http2, type Case } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'
import { isTls } from '../subject.js'

/** Pings and GOAWAYs with their last stream, in the order in which they came. */
const farewells = (frames: readonly Frame[]): string[] =>
  frames
    .filter(({ type, flags }) => type === 'GOAWAY' || (type === 'PING' && flags === 0))
    .map(({ type, lastStream, code }) => (type === 'PING' ? 'PING' : `GOAWAY ${lastStream} ${code}`))

/** REFUSED_STREAM (RFC 9113, section 8.7). */
const refused = 7

export const goaway: readonly Case[] = [
  {
    name: 'a session is told by a GOAWAY that refuses nothing, and once its client has heard it by another, with its last stream',
    protocols: ['http2'],
    async run({ start }) {
      const app = await start({ graceMs: 6_000, options: { lameDuck: false, lastCall: { maxMs: 4_000 } } })
      const client = await app.frames({ acknowledges: false })
      client.ask('/')
      await client.next('DATA')
      app.signal()
      await client.next('GOAWAY')
      await client.next('PING', { flags: 0 })
      expect('told', farewells(client.frames), [`GOAWAY ${everyStream} 0`, 'PING'])
      // as far as the server can tell, it was sent before the GOAWAY had arrived
      const between = client.ask('/')
      await client.next('DATA', { stream: between })
      client.acknowledge()
      await client.next('GOAWAY')
      expect('end of the connection', await client.over, 'FIN')
      // Node repeats the last one with the end of the connection
      const told = [`GOAWAY ${everyStream} 0`, 'PING', `GOAWAY ${between} 0`]
      expect('told', farewells(client.frames).slice(0, 3), told)
      await endsClean(app)
    },
    control: {
      instead: {
        'tells nobody': /before a GOAWAY came/,
        'refuses at once what is on its way': /before a PING came/,
      },
    },
  },
  {
    name: 'what is in flight finishes after the last GOAWAY, and a stream that comes later may be asked again elsewhere',
    protocols: http2,
    async run({ start, protocol }) {
      const app = await start({ graceMs: 6_000, options: { lameDuck: false, lastCall: { maxMs: 2_000 } } })
      const client = await app.frames()
      const busy = client.ask('/held?id=a')
      await app.line('/held?id=a')
      app.signal()
      if (!isTls(protocol)) await client.next('GOAWAY', { lastStream: everyStream })
      await client.next('GOAWAY', { lastStream: busy, code: 0 })
      const late = client.ask('/late')
      // when it comes back, so has whatever the server has to say about the stream
      client.ping()
      await client.next('PING', { flags: isAck })
      app.answer('a')
      await client.next('DATA', { stream: busy })
      expect('end of the connection', await client.over, 'FIN')
      const answers = client.frames.filter(({ stream, code }) => stream === late && code !== refused)
      expect('answers to the late one', answers, [])
      expect('a handler was called', app.handled('/late'), false)
      await endsClean(app)
    },
    control: {
      kind: 'exit',
      because: 'a plain close on Node 24 sends the last GOAWAY, and waits, too',
      instead: { 'says nothing': /before a GOAWAY came/ },
    },
  },
]
