import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { seeded } from '@lastcall/testing'
import t from 'tap'
import type { Connection } from '#src/http/connection.js'
import type { Traffic } from '#src/http/connections.js'
import type { Handshakes } from '#src/http/handshakes.js'
import { lameDuck } from '#src/http/lame-duck.js'
import { lastCall } from '#src/http/last-call.js'
import { createFakeClock } from '../fake-clock.js'

const clients = 1_000

interface Crowd {
  /** From an answer to the next request, in ms. */
  readonly gapMs: number
  /** All of them were answered at the same moment, so long before the phase, and do not come back. */
  readonly silentForMs?: number
}

/**
 * When each of the clients left, in ms from the beginning of a phase: on an answer that told it, or with the close of its
 * idle connection. Answers take no time; who has left does not come back.
 */
async function leave({ gapMs, silentForMs }: Crowd, seed: number, phase: 'lame duck' | 'last call') {
  const clock = createFakeClock()
  const random = seeded(seed)
  const startedAt = clock.now()
  const left: number[] = []
  const connections = new Set<Connection>()
  const leaves = (connection: Connection): void => {
    connection.told = true
    connections.delete(connection)
    left.push(clock.now() - startedAt)
    traffic.observer?.closed(connection)
  }
  const traffic = {
    connections,
    handshakes: { over: () => Promise.resolve() } as Partial<Handshakes> as Handshakes,
    closed: { told: 0, idle: 0, ended: 0, left: 0 },
    lastRequestAt: 0,
    observer: undefined,
    end: leaves,
  } as Partial<Traffic> as Traffic

  const ask = (connection: Connection): void => {
    if (connection.told) return
    const req = { method: 'GET', url: '/', complete: true } as IncomingMessage
    const res = answer(req)
    connection.latest = res
    connection.requestedAt = clock.now()
    connection.gapMs = gapMs
    traffic.observer?.request(connection, req, res)
    res.writeHead(200)
    connection.latest = undefined
    connection.restingSince = clock.now()
    if (connection.told) return leaves(connection)
    traffic.observer?.resting(connection)
    clock.after(gapMs, () => ask(connection))
  }
  for (let client = 0; client < clients; client += 1) {
    const untilNextMs = random() * gapMs
    const connection: Connection = {
      socket: { bytesRead: 0 } as Socket,
      inFlight: 0,
      latest: undefined,
      requestedAt: startedAt - 1,
      restingSince: startedAt - (silentForMs ?? gapMs - untilNextMs),
      gapMs,
      bytesAtRest: 0,
      early: undefined,
      upgraded: false,
      told: false,
      closed: false,
    }
    connections.add(connection)
    if (silentForMs === undefined) clock.after(untilNextMs, () => ask(connection))
  }
  if (phase === 'lame duck')
    void lameDuck({
      traffic,
      clock,
      random,
      budget: { minMs: 2_000, quietMs: 1_000, maxMs: 6_000 },
      probes: false,
    })
  else lastCall({ traffic, clock, random, beganAt: -Infinity, budget: { maxMs: 5_000, idleMs: 1_000 } })
  await clock.advance(6_000)
  return left
}

/** What can be said about an answer before its head is written, and nothing of a socket. */
const answer = (req: IncomingMessage): ServerResponse => {
  const res = {
    req,
    headersSent: false,
    setHeader() {},
    getHeader() {},
    writeHead() {
      res.headersSent = true
    },
  }
  return res as unknown as ServerResponse
}

/** How the busiest tenth of the window compares with an even spread over it. */
function peak(left: readonly number[], windowMs: number, from = 0): number {
  const buckets = new Map<number, number>()
  for (const at of left) {
    const bucket = Math.floor((at - from) / (windowMs / 10))
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
  }
  return Math.max(...buckets.values()) / (clients / 10)
}

for (const gapMs of [50, 250, 1_000, 4_000]) {
  t.test(`clients that ask every ${gapMs} ms leave evenly spread`, async (t) => {
    for (const seed of [1, 2]) {
      const lastCalled = await leave({ gapMs }, seed, 'last call')
      t.equal(lastCalled.length, clients)
      t.ok(peak(lastCalled, 2_500) <= 1.5, `last call, seed ${seed}: ${peak(lastCalled, 2_500)}`)
      const told = await leave({ gapMs }, seed, 'lame duck')
      t.ok(peak(told, 2_500, 1_000) <= 1.5, `lame duck, seed ${seed}: ${peak(told, 2_500, 1_000)}`)
    }
  })
}

t.test('clients that came to rest at the same moment leave evenly spread', async (t) => {
  for (const silentForMs of [0, 300, 990, 20_000]) {
    for (const seed of [1, 2]) {
      const left = await leave({ gapMs: 0, silentForMs }, seed, 'last call')
      t.equal(left.length, clients)
      t.ok(peak(left, 2_500) <= 1.5, `silent for ${silentForMs} ms, seed ${seed}: ${peak(left, 2_500)}`)
    }
  }
})

t.test('control: with one moment for all they leave together', async (t) => {
  const left = [...Array(clients).keys()].map(() => 1_000)
  t.ok(peak(left, 2_500) > 9)
})
