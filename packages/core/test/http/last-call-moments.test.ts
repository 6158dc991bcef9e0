import type { Socket } from 'node:net'
import { seeded } from '@lastcall/testing'
import t from 'tap'
import type { Connection } from '#src/http/connection.js'
import type { Traffic } from '#src/http/connections.js'
import type { Handshakes } from '#src/http/handshakes.js'
import { lastCall } from '#src/http/last-call.js'
import { createFakeClock, type FakeClock } from '../fake-clock.js'

const budget = { maxMs: 5_000, idleMs: 1_000 }

const connection = (given: Partial<Connection> = {}): Connection => ({
  socket: { bytesRead: 0 } as Socket,
  inFlight: 0,
  latest: undefined,
  requestedAt: 0,
  // long ago
  restingSince: -100_000,
  gapMs: 0,
  bytesAtRest: 0,
  early: undefined,
  upgraded: false,
  told: false,
  closed: false,
  ...given,
})

/** A last call after a lame duck, for these connections, nobody of whom ever sends anything; when each was closed, in ms. */
function begin(
  clock: FakeClock,
  connections: Connection[],
  random: () => number = seeded(1),
  beganAt = -100_000,
) {
  const startedAt = clock.now()
  const closedAt = new Map<Connection, number>()
  const traffic = {
    connections: new Set(connections),
    handshakes: { over: () => Promise.resolve() } as Partial<Handshakes> as Handshakes,
    end: (ended: Connection) => void closedAt.set(ended, clock.now() - startedAt),
  } as Partial<Traffic> as Traffic
  const call = lastCall({ traffic, clock, budget, random, beganAt })
  const state = { over: false, closedAt, traffic }
  void call.over.then(() => (state.over = true))
  return { ...call, state }
}

const idle = (count: number): Connection[] => Array.from({ length: count }, () => connection())

t.test('a few idle connections go within 10 ms each, many within half of the phase', async (t) => {
  for (const [count, windowMs] of [
    [1, 10],
    [50, 500],
    [250, 2_500],
    [1_000, 2_500],
  ] as const) {
    const clock = createFakeClock()
    const { state } = begin(clock, idle(count))
    await clock.advance(windowMs)
    t.equal(state.closedAt.size, count, `${count} within ${windowMs} ms`)
    t.equal(state.over, true)
    if (count < 250) continue
    t.ok(Math.max(...state.closedAt.values()) > windowMs * 0.95, 'the whole window is used')
  }
})

t.test(
  'a thousand closes are spread evenly: no twentieth of the time has more than 1.4 times its share',
  async (t) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const clock = createFakeClock()
      const { state } = begin(clock, idle(1_000), seeded(seed))
      await clock.advance(2_500)
      const buckets = Array.from({ length: 20 }, () => 0)
      for (const at of state.closedAt.values())
        buckets[Math.floor(at / 125)] = (buckets[Math.floor(at / 125)] ?? 0) + 1
      t.ok(Math.max(...buckets) <= 70, `seed ${seed}: at most ${Math.max(...buckets)} of 50`)
      t.ok(Math.min(...buckets) >= 30, `seed ${seed}: at least ${Math.min(...buckets)} of 50`)
    }
  },
)

const when = async (
  given: (now: number) => Partial<Connection>,
  random = () => 0,
): Promise<number | undefined> => {
  const clock = createFakeClock()
  const one = connection(given(clock.now()))
  const { state } = begin(clock, [one], random)
  await clock.advance(5_000)
  return state.closedAt.get(one)
}

t.test('a connection that came to rest a moment ago has idleMs from there', async (t) => {
  t.equal(await when((now) => ({ restingSince: now - 200 })), 800)
})

t.test('a connection that has not sent anything yet has idleMs from its accept', async (t) => {
  t.equal(await when((now) => ({ restingSince: now })), 1_000)
})

t.test('one that was silent before the shutdown began has idleMs from its beginning', async (t) => {
  const clock = createFakeClock()
  const [one] = idle(1)
  const { state } = begin(clock, one ? [one] : [], () => 0, clock.now() - 300)
  await clock.advance(5_000)
  t.strictSame([...state.closedAt.values()], [700])
})

t.test('one that thinks for longer is waited for, twice its gap', async (t) => {
  t.equal(await when((now) => ({ restingSince: now - 500, gapMs: 1_100 })), 1_700)
})

t.test('nobody is waited for longer than half of the phase after its moment', async (t) => {
  t.equal(await when((now) => ({ restingSince: now, gapMs: 4_000 })), 2_500)
  // the moment of a single connection is at most 10 ms away
  t.equal(
    await when(
      (now) => ({ restingSince: now, gapMs: 4_000 }),
      () => 0.9,
    ),
    2_509,
  )
})

t.test(
  'a connection that is accepted meanwhile has its own moment, and the phase waits for it',
  async (t) => {
    const clock = createFakeClock()
    const { state } = begin(clock, idle(1), () => 0.5)
    const late = connection({ restingSince: clock.now() })
    state.traffic.observer?.opened(late)
    await clock.advance(1_003.5)
    t.equal(state.over, false)
    // half of eight tenths of 10 ms after its second is over
    await clock.advance(0.5)
    t.equal(state.closedAt.get(late), 1_004)
    t.equal(state.over, true)
  },
)

t.test('the phase is over at once when nobody is connected', async (t) => {
  const clock = createFakeClock()
  const { state } = begin(clock, [])
  await clock.settle()
  t.equal(state.over, true)
})

t.test('upgraded connections are told by whoever owns them: nobody waits for them here', async (t) => {
  const clock = createFakeClock()
  const { state } = begin(clock, [connection({ upgraded: true })])
  await clock.settle()
  t.equal(state.over, true)
  t.equal(state.closedAt.size, 0)
})

t.test('a connection that is upgraded in last call is not waited for any longer', async (t) => {
  const clock = createFakeClock()
  const one = connection({ restingSince: clock.now() })
  const { state } = begin(clock, [one], () => 0)
  one.upgraded = true
  await clock.advance(1_000)
  t.equal(state.over, true)
  t.equal(state.closedAt.size, 0)
})

t.test('a request that has begun to arrive keeps its connection, which is looked at again', async (t) => {
  const clock = createFakeClock()
  const socket = { bytesRead: 0 }
  const one = connection({ socket: socket as Socket })
  const { state } = begin(clock, [one], () => 0)
  socket.bytesRead = 10
  await clock.advance(2_000)
  t.equal(state.closedAt.size, 0)
  t.equal(state.over, false)
})

t.test('draining ends it: nothing is planned any longer', async (t) => {
  const clock = createFakeClock()
  const { state, end } = begin(clock, idle(100))
  end()
  await clock.settle()
  t.equal(state.over, true)
  t.equal(clock.pending, 0)
})
