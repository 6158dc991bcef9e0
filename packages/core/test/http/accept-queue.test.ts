import type { Server } from 'node:http'
import t, { type Test } from 'tap'
import { closeListener } from '#src/http/accept-queue.js'
import { createFakeClock } from '../fake-clock.js'
import { startApp, type App, type AppSettings } from './app.js'
import type { RawClient } from './raw-client.js'

t.jobs = 2

const clients = 200
const grace = { gracePeriodMs: 30_000, lameDuck: false } as const

/**
 * Stops the process, as a loop that is busy would, and connects: the kernel finishes the handshakes, and requests wait in
 * its accept queue. SIGTERM is there before the process goes on.
 */
async function fillQueue(t: Test, settings: AppSettings): Promise<{ app: App; waiting: RawClient[] }> {
  const app = await startApp(t, settings)
  app.child.kill('SIGSTOP')
  const waiting = await Promise.all(Array.from({ length: clients }, () => app.connect()))
  return { app, waiting }
}

function goOn(app: App): void {
  app.signal('SIGTERM')
  app.child.kill('SIGCONT')
}

/** How often each answer, or none, was given: half of the clients send a POST. */
async function ask(waiting: RawClient[], go: () => void): Promise<Record<string, number>> {
  for (const [index, client] of waiting.entries()) {
    if (index % 2 === 0) client.send('/')
    else client.send('/ignore', { body: 'x'.repeat(200) })
  }
  go()
  const outcomes: Record<string, number> = {}
  for (const answer of await Promise.allSettled(waiting.map((client) => client.next()))) {
    const outcome =
      answer.status === 'fulfilled'
        ? String(answer.value.status)
        : (answer.reason as Error).message.split(' ')[0]
    outcomes[outcome ?? ''] = (outcomes[outcome ?? ''] ?? 0) + 1
  }
  return outcomes
}

t.test('200 connections in the accept queue are answered: none is reset', async (t) => {
  const { app, waiting } = await fillQueue(t, { options: grace })
  t.strictSame(await ask(waiting, () => goOn(app)), { 200: 200 })
  const report = await app.report()
  t.match(report, { verdict: 'clean', refused: 0, connections: { gaveUpAccepting: false } })
  t.equal((await app.ended).code, 0)
})

t.test(
  '200 connections in the accept queue get a 503 where last call is turned off: none is reset',
  async (t) => {
    const { app, waiting } = await fillQueue(t, { options: { ...grace, lastCall: false } })
    // what the loop reads in the very turn of the signal has come before draining, and is served
    const { 200: served = 0, 503: refused, ...others } = await ask(waiting, () => goOn(app))
    t.strictSame(others, {})
    t.equal(refused, clients - served)
    t.ok(served <= 5, `${served} were served`)
    const report = await app.report()
    t.match(report, { verdict: 'clean', refused, connections: { gaveUpAccepting: false } })
    t.equal((await app.ended).code, 0)
  },
)

t.test('control: server.close() resets nearly all of them', async (t) => {
  const { app, waiting } = await fillQueue(t, { plain: 'close' })
  const { reset = 0 } = await ask(waiting, () => goOn(app))
  t.ok(reset >= 150, `${reset} of 200 were reset`)
})

t.test('silent connections in the accept queue end with a FIN', async (t) => {
  const { app, waiting } = await fillQueue(t, { options: { ...grace, lastCall: { maxMs: 1_000 } } })
  goOn(app)
  const ends = await Promise.all(waiting.map(({ over }) => over))
  t.equal(ends.filter((end) => end === 'FIN').length, clients)
  t.equal((await app.report()).connections.idle, clients)
})

t.test('a loop that is busy all the time leaves last call to those who are connected', async (t) => {
  const lastCall = { maxMs: 4_000, idleMs: 2_000 }
  const app = await startApp(t, { options: { ...grace, lastCall }, random: 0, turnMs: 40 })
  const connected = await Promise.all(Array.from({ length: 10 }, () => app.connect()))
  app.signal('SIGTERM')
  await app.line('listener closed')
  const outcomes = connected.map(async (client) => {
    client.send('/')
    const { status, headers } = await client.next()
    return `${status}, ${headers['connection']}, ${await client.over}`
  })
  t.strictSame(new Set(await Promise.all(outcomes)), new Set(['200, close, FIN']))
  t.match(await app.report(), { verdict: 'clean', refused: 0, connections: { told: connected.length } })
})

interface Queue {
  readonly server: Server
  readonly accepted: () => number
  readonly wasClosed: () => boolean
}

/** A listener that has one more connection for each turn of the loop, as many as there are. */
function queueOf(length: number): Queue {
  let accepted = 0
  let closed = false
  class FakeServer {
    listening = true
    close(): void {
      closed = true
    }
  }
  return {
    server: new FakeServer() as Partial<Server> as Server,
    accepted: () => (accepted = Math.min(accepted + 1, length)),
    wasClosed: () => closed,
  }
}

t.test('the listener is closed when a whole turn of the loop has brought no connection', async (t) => {
  const clock = createFakeClock()
  const { server, accepted, wasClosed } = queueOf(500)
  t.equal(await clock.runUntil(closeListener(server, { clock, accepted, maxMs: 2_000 })), true)
  t.equal(accepted(), 500)
  t.ok(wasClosed())
})

t.test(
  'a short turn is waited for, since who connects in the rest of a turn is reset; not for long',
  async (t) => {
    const fake = createFakeClock()
    for (const [turnMs, waitedMs] of [
      [0.02, 0.04],
      [0.1, 0.5],
      [1, 11],
      [5, 75],
      // no longer than a quarter of the time
      [40, 520],
      [200, 600],
    ] as const) {
      let turns = 0
      // the first one may be half over
      const clock = {
        ...fake,
        now: () => Math.max(0, turns - 1) * turnMs,
        turn: (callback: () => void) => fake.turn(() => ((turns += 1), callback())),
      }
      const { server, accepted } = queueOf(0)
      t.equal(await fake.runUntil(closeListener(server, { clock, accepted, maxMs: 2_000 })), true)
      t.equal(clock.now(), waitedMs, `turns of ${turnMs} ms`)
    }
  },
)

/** A queue that never runs empty, and how long it is tried all the same when every turn of the loop takes so long. */
async function tried(turnMs: number): Promise<number> {
  const fake = createFakeClock()
  let turns = 0
  const clock = {
    ...fake,
    now: () => turns * turnMs,
    turn: (callback: () => void) => fake.turn(() => ((turns += 1), callback())),
  }
  const { server, wasClosed } = queueOf(Infinity)
  const closed = closeListener(server, { clock, accepted: () => turns, maxMs: 5_000 })
  t.equal(await fake.runUntil(closed), false)
  t.ok(wasClosed())
  return clock.now()
}

t.test('an accept queue that ever new connections fill is given up after two seconds', async (t) => {
  t.equal(await tried(1), 2_000)
})

t.test('one that is slow to empty, since the machine is busy, has all the time there is', async (t) => {
  t.equal(await tried(20), 5_000)
})

t.test('a listener that somebody else has closed is left alone', async (t) => {
  const clock = createFakeClock()
  const { server, accepted, wasClosed } = queueOf(0)
  Object.assign(server, { listening: false })
  t.equal(await clock.runUntil(closeListener(server, { clock, accepted, maxMs: 2_000 })), true)
  t.notOk(wasClosed())
})
