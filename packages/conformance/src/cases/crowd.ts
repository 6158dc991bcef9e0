import { execFileSync } from 'node:child_process'
import type { App } from '../app.js'
import { http1, http2, type Case, type Scene } from '../case.js'
import type { Client } from '../client.js'
import { endsClean } from '../ends-clean.js'
import { expect } from '../expect.js'
import type { RawClient } from '../raw-client.js'
import { outcomeOf } from '../tally.js'

const busyClients = 40
const requests = [
  ['/', {}],
  ['/echo', { body: 'x'.repeat(200) }],
  ['/ignore', { body: 'x'.repeat(200) }],
] as const

/**
 * A client that sends its next request as soon as it has an answer, and opens a new connection when it is told to, until
 * it is refused, or something is lost: whatever a client sent and had no 200 for. A stream that is refused is as good as not
 * sent; some are by Node's client itself, when it reads a GOAWAY before it has written them.
 */
async function keepBusy(app: App, lost: string[], onAnswer: () => void): Promise<void> {
  while (lost.length === 0) {
    let client: Client
    try {
      client = await app.client()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ECONNREFUSED') lost.push(`connecting: ${code}`)
      return
    }
    for (let turn = 0; client.isOpen && lost.length === 0; turn += 1) {
      const [path, request] = requests[turn % requests.length] ?? requests[0]
      const response = client.ask(path, request)
      const outcome = await outcomeOf(response)
      if (outcome === 'refused') break
      if (outcome !== '200') lost.push(outcome)
      if (outcome !== '200' || (await response).headers['connection'] === 'close') break
      onAnswer()
    }
  }
}

/** Every connection is two open files, one of them here; a process may have so many. */
function roomForConnections(): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn']).toString().trim()
  return limit === 'unlimited' ? Infinity : Number(limit) - 500
}

/** In batches, since the kernel's accept queue takes 511. */
async function openIdle(app: App, count: number): Promise<RawClient[]> {
  const clients: RawClient[] = []
  while (clients.length < count) {
    const batch = Array.from({ length: Math.min(250, count - clients.length) }, () => app.connect())
    const opened = await Promise.all(batch)
    await Promise.all(opened.map((client) => client.ask('/')))
    clients.push(...opened)
  }
  return clients
}

async function loseNothing({ start }: Scene): Promise<void> {
  const lameDuck = { minMs: 300, quietMs: 100, maxMs: 1_200 }
  // a client is busy as long as this process is not held up for longer than it may be idle
  const app = await start({ options: { lameDuck, lastCall: { maxMs: 4_000, idleMs: 2_000 } } })
  let answers = 0
  let warm: () => void = () => {}
  const warmedUp = new Promise<void>((resolve) => (warm = resolve))
  const lost: string[] = []
  const lives = Array.from({ length: busyClients }, () =>
    keepBusy(app, lost, () => ++answers === 10 * busyClients && warm()),
  )
  await warmedUp
  app.signal()
  await Promise.all(lives)
  expect('lost', lost, [])
  await endsClean(app)
}

const lastCallMs = 10_000
/** A machine that is busy with other tests stalls for half a second, and then closes a sixth of them at once. */
const parts = 3

export const crowd: readonly Case[] = [
  {
    name: `${busyClients} busy clients, GET and POST, lose no request from the signal to the end`,
    protocols: http1,
    run: loseNothing,
    control: { instead: { 'loses requests': /^lost: \[/ } },
  },
  {
    name: `${busyClients} busy sessions, GET and POST, lose no stream: what is not answered is refused, to be asked again`,
    protocols: http2,
    run: loseNothing,
    control: {
      kind: 'exit',
      because: 'a plain close on Node 24 refuses them, too',
      instead: { 'loses streams': /^lost: \[/ },
    },
  },
  {
    name: 'thousands of idle connections close within half of last call, no third of it with more than twice its share',
    protocols: http1,
    alone: true,
    async run({ start, protocol, comment }) {
      // a TLS handshake costs a hundred times as much
      const wanted = protocol === 'http' ? 2_000 : 500
      const count = Math.min(wanted, roomForConnections())
      if (count < wanted) comment(`${count} connections, since ulimit -n allows no more`)
      const lastCall = { maxMs: lastCallMs, idleMs: 10 }
      const app = await start({ graceMs: 30_000, options: { lameDuck: false, lastCall } })
      const clients = await openIdle(app, count)
      const startedAt = performance.now()
      app.signal()
      const closes = Array.from({ length: parts }, () => 0)
      const endings = clients.map(async (client) => {
        const ending = await client.over
        const part = Math.floor(((performance.now() - startedAt) / (lastCallMs / 2)) * parts)
        closes[Math.min(part, parts - 1)] = (closes[Math.min(part, parts - 1)] ?? 0) + 1
        return ending
      })
      expect('ended', new Set(await Promise.all(endings)), new Set(['FIN']))
      const peak = (Math.max(...closes) * parts) / count
      comment(`the busiest third had ${peak.toFixed(2)} times its share`)
      if (peak > 2) throw new Error(`one part of the time has ${peak} times its share: ${closes.join(' ')}`)
      await endsClean(app)
    },
    control: {
      instead: { 'closes them all at once': /^one part of the time has/, 'resets them': /^ended/ },
    },
  },
]
