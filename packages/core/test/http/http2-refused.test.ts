import { createSecureServer, type Http2SecureServer } from 'node:http2'
import { createCertificate, loadStreams, seeded, startRelay } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { frames } from './frames.js'
import { serveSessions, type ServedSessions } from './serve-sessions.js'

const oneWayMs = 30
const shutdowns = 10
const tls = createCertificate()

/** The port of a way to an app that is so far away. */
async function relay(t: Test, to: number): Promise<number> {
  const { port, stop } = await startRelay(to, oneWayMs)
  t.teardown(stop)
  return port
}

async function measure(t: Test, seed: number, { server, shutDown }: Measured) {
  const served = await serveSessions(t, {
    options: { gracePeriodMs: 10_000, lameDuck: false, lastCall: { maxMs: 2_000, idleMs: 100 } },
    request: (_req, res) => void res.end('hello'),
    ...(server ? { server: server() } : {}),
  })
  const client = await frames(t, { port: await relay(t, served.port), tls: server !== undefined })
  const loaded = loadStreams(client, seeded(seed))
  // in full swing: the answers of the first have come back
  while (!client.frames.some(({ type }) => type === 'DATA')) await client.next('DATA')
  await shutDown(served)
  return loaded
}

interface Measured {
  readonly server?: () => Http2SecureServer
  readonly shutDown: (served: ServedSessions) => unknown
}

/** How many are refused in half of the shutdowns at most: a machine that stands still for a moment spoils one of them. */
async function measureAll(t: Test, measured: Measured): Promise<number> {
  const all: number[] = []
  for (let seed = 1; seed <= shutdowns; seed += 1) {
    const { refused, answered, total } = await measure(t, seed, measured)
    t.equal(answered + refused, total, 'nobody waits in vain')
    all.push(refused)
  }
  t.comment(`refused: ${all.join(', ')}`)
  return all.toSorted((a, b) => a - b)[shutdowns / 2] ?? Infinity
}

const shutDown = ({ shutdown }: ServedSessions): unknown => shutdown.begin('the test')

t.test('of some 1 000 streams a second, 30 ms away, at most one is refused', async (t) => {
  const refused = await measureAll(t, { shutDown })
  t.ok(refused <= 1, `${refused} were refused`)
})

t.test('over TLS those on their way are refused, and may be asked again', async (t) => {
  await measureAll(t, { shutDown, server: () => createSecureServer(tls) })
})

t.test('control: one GOAWAY refuses all that are on their way', async (t) => {
  const refused = await measureAll(t, {
    shutDown({ sessions }) {
      for (const session of sessions) session.close()
    },
  })
  t.ok(refused > 20, `${refused} were refused`)
})
