import { everyProtocol, http1, http2, type Case, type Scene } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expectLast } from '../expect-last.js'
import { expect } from '../expect.js'
import { slowReader } from '../slow-reader.js'

const because = 'a plain close waits for a request in flight, too'

async function readSlowly({ start }: Scene): Promise<void> {
  const app = await start({ graceMs: 20_000, options: { lameDuck: false, lastCall: { maxMs: 200 } } })
  const reader = await slowReader(app, '/slow-body')
  await app.line('/slow-body')
  app.signal()
  await app.phase('draining')
  expect('length', await reader.readOn(), 24 * 1024 * 1024)
  await endsClean(app)
}

export const bodies: readonly Case[] = [
  {
    name: 'a response of 24 MB that was ended before the signal reaches a slow reader whole',
    protocols: http1,
    run: readSlowly,
    control: { instead: { 'truncates it': /^(reset|truncated) after \d{6}/ } },
  },
  {
    name: 'a stream of 24 MB that was ended before the signal reaches a slow reader whole',
    protocols: http2,
    run: readSlowly,
    control: {
      kind: 'exit',
      because: 'a plain close waits for it, too, on Node 20 and 22 for ever',
      instead: { 'truncates it': /^truncated after \d{5}/ },
    },
  },
  {
    name: 'an upload that goes on through every phase finishes',
    protocols: everyProtocol,
    async run({ start }) {
      const app = await start({ options: { lameDuck: { minMs: 100 }, lastCall: { maxMs: 100 } } })
      const client = await app.client()
      const send = client.upload('/upload', 300_000)
      await app.line('/upload')
      app.signal()
      for (const phase of ['lame-duck', 'last-call', 'draining'] as const) {
        await app.phase(phase)
        send('x'.repeat(100_000))
      }
      const response = await client.next()
      expect('answer', response.body, 'received 300000')
      await expectLast(client, response)
      await endsClean(app)
    },
    control: { kind: 'exit', because, instead: { 'drops it': /^(reset|FIN) after 0 bytes/ } },
  },
  {
    name: 'a response whose head was out before the signal is finished, to its terminating chunk',
    protocols: everyProtocol,
    async run({ start }) {
      const app = await start({ options: { lameDuck: false, lastCall: { maxMs: 100 } } })
      const client = await app.client()
      client.send('/stream?id=a')
      await client.begun()
      app.signal()
      await app.phase('draining')
      app.answer('a')
      const { headers, body } = await client.next()
      if (client.version === 1) expect('framing', headers['transfer-encoding'], 'chunked')
      expect('body', body, 'first last')
      expect('end of the connection', await client.over, 'FIN')
      await endsClean(app)
    },
    control: { kind: 'exit', because, instead: { 'truncates it': /^(reset|truncated) after/ } },
  },
  {
    name: 'three requests sent in a row are answered in their order, and only the last answer says close',
    protocols: http1,
    async run({ start }) {
      const app = await start({ options: { lameDuck: false, lastCall: { maxMs: 100 } } })
      const client = await app.connect()
      const ids = ['a', 'b', 'c']
      for (const id of ids) client.send(`/held?id=${id}`)
      for (const id of ids) await app.line(`/held?id=${id}`)
      app.signal()
      await app.phase('draining')
      for (const id of ids.toReversed()) app.answer(id)
      for (const id of ids) {
        const { body, headers } = await client.next()
        expect('answer', body, `held ${id}`)
        expect(`connection of ${id}`, headers['connection'], id === 'c' ? 'close' : 'keep-alive')
      }
      expect('end of the connection', await client.over, 'FIN')
      await endsClean(app)
    },
    control: { instead: { 'leaves the connection open, without a word': /^connection of c: 'keep-alive'/ } },
  },
  {
    name: 'a request that waits behind a body that nobody reads is answered, and not cut off without a word',
    protocols: http1,
    async run({ start }) {
      const app = await start({ options: { lameDuck: false, lastCall: { maxMs: 100 } } })
      const client = await app.hold('a')
      client.send('/ignore', { body: 'x'.repeat(200_000) })
      client.send('/')
      // it waits in the kernel, and not in this process
      await new Promise((resolve) => client.socket.write('', resolve))
      app.signal()
      await app.phase('draining')
      app.answer('a')
      expect('first', (await client.next()).body, 'held a')
      expect('second', (await client.next()).body, 'ignored')
      expect('third', (await client.next()).status, 503)
      await endsClean(app)
    },
    control: {
      instead: {
        'hands it to the handler': /^third: 200/,
        'cuts it off': /^(FIN|reset) after/,
        'answers 503 from the first phase on': /^second: '\{/,
      },
    },
  },
  {
    name: 'a handler whose client has vanished goes on, and the process still ends clean',
    protocols: everyProtocol,
    async run({ start }) {
      const app = await start({ options: { lameDuck: false, lastCall: { maxMs: 100 } } })
      const [vanishing, staying] = [await app.hold('a'), await app.hold('b')]
      vanishing.socket.destroy()
      app.signal()
      await app.phase('draining')
      app.answer('a')
      await app.line('answering a')
      app.answer('b')
      expect('the other client', (await staying.next()).body, 'held b')
      await endsClean(app)
    },
    control: {
      kind: 'exit',
      because,
      instead: { 'drops the other request': /^(reset|FIN) after 0 bytes|answering a/ },
    },
  },
]
