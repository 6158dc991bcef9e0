import type { App } from '../app.js'
import type { Case, Scene } from '../case.js'
import type { Client } from '../client.js'
import { endsClean } from '../ends-clean.js'
import { expectRefusal } from '../expect-refusal.js'
import { expect } from '../expect.js'
import { outcomeOf } from '../tally.js'

/** An app that is draining, held up by one stream, and a session that has asked before it could hear of it. */
async function drainingApp(
  { start }: Scene,
  paths: readonly string[],
): Promise<{ app: App; late: Client; finish(): Promise<void> }> {
  const app = await start({ options: { lameDuck: false, lastCall: false } })
  const held = await app.hold('a')
  const relay = await app.relay()
  const late = await app.client({ port: relay.port })
  relay.hold()
  app.signal()
  await app.phase('draining')
  for (const path of paths) late.send(path, path === '/upload' ? { body: 'x'.repeat(10_000) } : {})
  relay.letGo()
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

export const lateStreams: readonly Case[] = [
  {
    name: 'a stream that comes while draining, before the last GOAWAY, is answered 503 with Retry-After, and reaches no handler',
    protocols: ['http2'],
    async run(scene) {
      const { app, late, finish } = await drainingApp(scene, ['/late', '/upload', '/livez', '/readyz'])
      await expectRefusal(late)
      await expectRefusal(late)
      expect('liveness', (await late.next()).status, 200)
      expect('readiness', (await late.next()).status, 503)
      expect('end of the connection', await late.over, 'FIN')
      expect('a handler was called', app.handled('/late') || app.handled('/upload'), false)
      await finish()
    },
    control: {
      instead: {
        'hands it to the handler': /late request: (200|404)/,
        'answers 503 without saying when to come back': /retry-after: false/,
        'refuses it, to be asked again': /^refused/,
        'drops it': /^reset/,
      },
    },
  },
  {
    name: 'over TLS a stream that comes while draining is refused, so that it may be asked again, and reaches no handler',
    protocols: ['https2'],
    async run(scene) {
      const { app, late, finish } = await drainingApp(scene, ['/late', '/upload'])
      for (const path of ['/late', '/upload']) expect(path, await outcomeOf(late.next()), 'refused')
      expect('end of the connection', await late.over, 'FIN')
      expect('a handler was called', app.handled('/late') || app.handled('/upload'), false)
      await finish()
    },
    control: {
      kind: 'exit',
      because: 'a plain close on Node 24 refuses it, too',
      instead: { 'drops it': /^\/late: 'reset'/ },
    },
  },
]
