import { answered } from '../answered.js'
import type { App } from '../app.js'
import { eachVersion, http1, type Case } from '../case.js'
import type { Client } from '../client.js'
import { endsClean } from '../ends-clean.js'
import { expectRefusal } from '../expect-refusal.js'
import { expect } from '../expect.js'
import { tally } from '../tally.js'

const blockMs = 1_500
const options = { lameDuck: { minMs: 200 }, lastCall: { maxMs: 4_000, idleMs: 1_000 } }

/** Connections that were answered a moment ago. */
function openClients(app: App, count = 10): Promise<Client[]> {
  return Promise.all(Array.from({ length: count }, () => answered(app.client())))
}

async function block(app: App): Promise<void> {
  app.tell(`block ${blockMs}`)
  await app.line(`blocking ${blockMs}`)
}

/** What is sent waits in the kernel. */
const askAll = (clients: readonly Client[]): Promise<Record<string, number>> =>
  tally(clients.map((client, index) => client.ask('/echo', { body: String(index) })))

const control: Case['control'] = {
  instead: { 'loses requests': /(reset|FIN): \d/, 'answers them 503': /503: \d/ },
}

export const blockedLoop: readonly Case[] = [
  {
    name: 'a loop that is blocked when the signal comes loses nothing that was sent meanwhile, on connections old and new',
    // over TLS a session may be told before its first streams have come
    protocols: eachVersion,
    async run({ start }) {
      const app = await start({ options: { ...options, lameDuck: false } })
      const old = await openClients(app)
      await block(app)
      app.signal()
      const anew = await Promise.all(old.map(() => app.client({ early: true })))
      expect('answers', await askAll([...old, ...anew]), { 200: 2 * old.length })
      await endsClean(app)
    },
    control,
  },
  ...(['lame-duck', 'last-call'] as const).map((phase): Case => ({
    name: `a loop that is blocked in ${phase} for longer than connections may be idle loses nothing that was sent meanwhile`,
    protocols: http1,
    async run({ start }) {
      const app = await start({ options: phase === 'lame-duck' ? options : { ...options, lameDuck: false } })
      const held = await app.hold('a')
      const clients = await openClients(app)
      app.signal()
      await app.phase(phase)
      await block(app)
      expect('answers', await askAll(clients), { 200: clients.length })
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control,
  })),
  {
    name: 'a loop that is blocked beyond the end of lame duck serves what was sent in it, also where last call is turned off',
    protocols: http1,
    async run({ start }) {
      const app = await start({ options: { lameDuck: options.lameDuck, lastCall: false } })
      const held = await app.hold('a')
      const clients = await openClients(app)
      app.signal()
      await app.phase('lame-duck')
      await block(app)
      expect('answers', await askAll(clients), { 200: clients.length })
      app.answer('a')
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control,
  },
  {
    name: 'a loop that is blocked while draining refuses what was sent meanwhile, and finishes what is in flight',
    protocols: http1,
    async run({ start }) {
      const app = await start({ options: { lameDuck: false, lastCall: { maxMs: 100 } } })
      const held = await app.hold('a')
      const late = await Promise.all(Array.from({ length: 10 }, () => answered(app.connect())))
      for (const client of late) client.write('GET / HTTP/1.1\r\n', 'GET')
      app.signal()
      await app.phase('draining')
      await block(app)
      for (const client of late) client.write('Host: localhost\r\n\r\n')
      app.answer('a')
      for (const client of late) await expectRefusal(client)
      expect('held', (await held.next()).body, 'held a')
      await endsClean(app)
    },
    control: {
      instead: {
        'hands them to the handler': /late request: 200/,
        'answers 503 without saying when to come back': /retry-after: false/,
      },
    },
  },
]
