import { answered } from '../answered.js'
import type { App } from '../app.js'
import { http1, type Case, type Scene } from '../case.js'
import { endsClean } from '../ends-clean.js'
import { expectRefusal } from '../expect-refusal.js'
import { expect } from '../expect.js'
import type { RawClient } from '../raw-client.js'

const brief = { lameDuck: false, lastCall: { maxMs: 100 } } as const

/** An app that is draining, held up by one request, and connections with half a head that it may not close. */
async function drainingApp(
  { start }: Scene,
  heads: readonly string[],
  options: { lameDuck: false; lastCall: false | { maxMs: number } } = brief,
): Promise<{ app: App; late: RawClient[]; finish(): Promise<void> }> {
  const app = await start({ options })
  const held = await app.hold('a')
  const late = await Promise.all(heads.map(() => answered(app.connect())))
  for (const [index, client] of late.entries()) {
    const head = heads[index] ?? ''
    client.write(`${head} HTTP/1.1\r\nHost: localhost\r\n`, head.split(' ')[0])
  }
  app.signal()
  await app.phase('draining')
  return {
    app,
    late,
    async finish() {
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
  }
}

const instead = {
  'hands it to the handler': /late request: (200|404)/,
  'answers 503 without saying when to come back': /retry-after: false/,
}

export const lateRequests: readonly Case[] = [
  ...[brief, { lameDuck: false, lastCall: false } as const].map((options): Case => ({
    name: `a request that comes while draining is answered 503, with Retry-After and Connection: close, and reaches no handler${
      options.lastCall ? '' : ': at once where lame duck and last call are turned off'
    }`,
    protocols: http1,
    async run(scene) {
      const { app, late, finish } = await drainingApp(scene, ['GET /late', 'POST /late'], options)
      const [get, post] = late
      get?.write('\r\n')
      post?.write('Content-Length: 4\r\n\r\nbody')
      for (const client of late) await expectRefusal(client)
      expect('a handler was called', app.handled('/late'), false)
      await finish()
    },
    control: { instead },
  })),
  {
    name: 'a client that expects 100 Continue while draining is refused before it sends its body',
    protocols: http1,
    async run(scene) {
      const { late, finish } = await drainingApp(scene, ['POST /upload'])
      for (const client of late) {
        client.write('Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n')
        await expectRefusal(client)
      }
      await finish()
    },
    control: { instead: { 'asks for the body': /late request: 100/, ...instead } },
  },
  {
    name: 'an upload that comes while draining is answered 503, which a client can read that sends all of its 8 MB first',
    protocols: http1,
    async run(scene) {
      const { late, finish } = await drainingApp(scene, ['POST /upload'])
      const length = 8 * 1024 * 1024
      for (const client of late) {
        client.socket.pause()
        client.write(`Content-Length: ${length}\r\n\r\n`)
        await new Promise((resolve, reject) =>
          client.socket.once('error', reject).write('x'.repeat(length), resolve),
        )
        client.socket.resume()
        await expectRefusal(client)
      }
      await finish()
    },
    control: { instead: { ...instead, 'resets it': /ECONNRESET|EPIPE|reset/ } },
  },
  {
    name: 'a head that was half sent when a phase changed is completed and answered',
    protocols: http1,
    async run({ start }) {
      const app = await start({ options: { lameDuck: { minMs: 500 }, lastCall: { maxMs: 1_000 } } })
      const phases = ['lame-duck', 'last-call', 'draining'] as const
      const held = await app.hold('a')
      const halves = await Promise.all(phases.map(() => answered(app.connect())))
      for (const client of halves) client.write('POST /echo HTTP/1.1\r\nHost: loc', 'POST')
      app.signal()
      for (const [index, phase] of phases.entries()) {
        await app.phase(phase)
        const client = halves[index]
        if (!client) continue
        client.write('alhost\r\nContent-Length: 4\r\n\r\nbody')
        if (phase === 'draining') await expectRefusal(client)
        else expect(`answer in ${phase}`, (await client.next()).body, 'body')
      }
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control: {
      instead: {
        ...instead,
        'answers 503 from the first phase on': /answer in lame-duck: '\{.*503/s,
        'closes it': /^(FIN|reset) after 0 bytes/,
      },
    },
  },
]
