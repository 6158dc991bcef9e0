import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { seeded } from '@lastcall/testing'
import t from 'tap'
import type { Connection } from '#src/http/connection.js'
import type { Traffic } from '#src/http/connections.js'
import type { Handshakes } from '#src/http/handshakes.js'
import { lastCall } from '#src/http/last-call.js'
import { createFakeClock } from '../fake-clock.js'

/** Event streams that nobody ends, each on a connection of its own; when each was ended in last call, in ms. */
async function endAll(
  count: number,
  random: () => number,
  given: Partial<Connection> = {},
): Promise<number[]> {
  const clock = createFakeClock()
  const startedAt = clock.now()
  const endedAt: number[] = []
  const stream = (): ServerResponse =>
    ({
      req: { method: 'GET' },
      headersSent: true,
      getHeader: () => 'text/event-stream',
      end: () => void endedAt.push(clock.now() - startedAt),
      writableLength: 0,
      once() {},
      destroy() {},
    }) as unknown as ServerResponse
  const connections = Array.from({ length: count }, (): Connection => ({
    socket: { bytesRead: 0 } as Socket,
    inFlight: 1,
    latest: stream(),
    requestedAt: 0,
    restingSince: 0,
    gapMs: 0,
    bytesAtRest: 0,
    early: undefined,
    upgraded: false,
    told: false,
    closed: false,
    ...given,
  }))
  const traffic = {
    connections: new Set(connections),
    handshakes: { over: () => Promise.resolve() } as Partial<Handshakes> as Handshakes,
  } as Partial<Traffic> as Traffic
  const call = lastCall({
    traffic,
    clock,
    beganAt: -Infinity,
    budget: { maxMs: 5_000, idleMs: 1_000 },
    random,
  })
  // what is planned is planned, whatever draining does
  call.end()
  await clock.advance(2_500)
  return endedAt
}

t.test('a thousand streams end at moments spread evenly over half of the phase', async (t) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const endedAt = await endAll(1_000, seeded(seed))
    t.equal(endedAt.length, 1_000)
    const buckets = Array.from({ length: 20 }, () => 0)
    for (const at of endedAt) buckets[Math.floor(at / 125)] = (buckets[Math.floor(at / 125)] ?? 0) + 1
    t.ok(
      Math.max(...buckets) <= 75,
      `seed ${seed}: at most ${Math.max(...buckets)}, where the even share is 50`,
    )
  }
})

t.test('a few end within 10 ms each', async (t) => {
  t.strictSame(await endAll(3, () => 0.5), [15, 15, 15])
})

t.test('one whose connection was told in lame duck has a moment as well', async (t) => {
  t.strictSame(await endAll(2, () => 0.5, { told: true }), [10, 10])
})
