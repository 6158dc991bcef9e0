import { EventEmitter } from 'node:events'
import type { ShutdownOptions } from '@lastcall/core'
import { seeded } from '@lastcall/testing'
import t from 'tap'
import { sayGoodbye, type WebSocketClient } from '#src/http/websocket-goodbyes.js'
import { internalsOf } from '#src/internals.js'
import { createProcess, serve } from '../instance.js'

type Script = Partial<Pick<WebSocketClient, 'close' | 'terminate'>> & {
  /** How long its peer takes to answer the close frame, in ms. */
  readonly answersIn?: number
  /** Bytes that are queued for it, after so many ms of the test. */
  readonly queued?: (ms: number) => number
}

/** A server of WebSockets whose peers follow a script, in a process with a clock that is turned by hand. */
function createClients(random: () => number = () => 0.5, options: ShutdownOptions = {}) {
  const { clock, create, said } = createProcess()
  const shutdown = create(options)
  const startedAt = clock.now()
  const elapsed = (): number => Math.round(clock.now() - startedAt)
  const clients = new Set<WebSocketClient>()
  const log = { told: [] as number[], closed: [] as number[], cut: [] as number[], frames: new Set<string>() }
  const add = ({ answersIn, queued = () => 0, ...given }: Script = {}): WebSocketClient => {
    const events = new EventEmitter()
    let readyState = 1
    const closed = (): void => {
      if (readyState === 3) return
      readyState = 3
      clients.delete(client)
      log.closed.push(elapsed())
      events.emit('close')
    }
    const client: WebSocketClient = {
      get readyState() {
        return readyState
      },
      get bufferedAmount() {
        return queued(elapsed())
      },
      close(code, reason) {
        log.told.push(elapsed())
        log.frames.add(`${code} ${reason}`)
        readyState = 2
        if (answersIn !== undefined) clock.after(answersIn, closed)
      },
      terminate() {
        log.cut.push(elapsed())
        closed()
      },
      once: (event, listener) => events.once(event, listener),
      ...given,
    }
    clients.add(client)
    return client
  }
  const closing = { clients: () => clients, clock, random, code: 1012, reason: 'service restart' }
  shutdown.register('websockets', sayGoodbye(closing))
  return { clock, shutdown, clients, add, log, said, run: () => clock.runUntil(shutdown.begin('test')) }
}

t.test('every client is told within 10 ms each, at its own moment', async (t) => {
  const values = [0.9, 0.1, 0.5]
  const { add, log, run } = createClients(() => values.shift() ?? 0)
  for (let count = 0; count < 3; count += 1) add({ answersIn: 5 })
  const { verdict, tookMs } = await run()
  t.strictSame(log.told, [3, 15, 27])
  t.strictSame([...log.frames], ['1012 service restart'])
  t.equal(verdict, 'clean')
  t.equal(tookMs, 32)
})

t.test('a thousand are spread evenly over half of last call, which may long be over', async (t) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { add, log, run } = createClients(seeded(seed))
    for (let count = 0; count < 1_000; count += 1) add({ answersIn: 1 })
    const { verdict, phases } = await run()
    t.equal(verdict, 'clean')
    t.match(phases[1], { phase: 'last-call', tookMs: 0 })
    const windowMs = 1_583 / 2
    const buckets = Array.from({ length: 20 }, () => 0)
    for (const at of log.told)
      buckets[Math.floor((at / windowMs) * 20)] = (buckets[Math.floor((at / windowMs) * 20)] ?? 0) + 1
    t.equal(buckets.length, 20, 'all within the window')
    t.ok(
      Math.max(...buckets) <= 75,
      `seed ${seed}: at most ${Math.max(...buckets)}, where the even share is 50`,
    )
  }
})

t.test('when the app is closed directly they are told at once', async (t) => {
  const { clock, shutdown, add, log } = createClients(() => 0.9)
  for (let count = 0; count < 100; count += 1) add({ answersIn: 0 })
  serve(shutdown, clock, 100)
  await clock.runUntil(internalsOf(shutdown).close('test'))
  t.strictSame([...new Set(log.told)], [0])
})

t.test('a client that comes in last call has its own moment as well', async (t) => {
  const { clock, shutdown, add, log, run } = createClients()
  serve(shutdown, clock, 1_000)
  shutdown.ready()
  shutdown.health()
  // last call is from 1 000 to 2 000 here, with half of 1 583 for the moments
  clock.after(1_310, () => add({ answersIn: 0 }))
  t.equal((await run()).verdict, 'clean')
  // found at 1 400, told 5 ms later
  t.strictSame(log.told, [1_405])
})

t.test('a client that comes in draining is told at once', async (t) => {
  const { clock, shutdown, add, log, run } = createClients(() => 0.9)
  const hold = shutdown.hold('work')
  clock.after(550, () => add({ answersIn: 0 }))
  clock.after(1_000, () => hold.release())
  t.equal((await run()).verdict, 'clean')
  t.strictSame(log.told, [600])
})

t.test('one that does not answer is cut after two seconds, which is no failure', async (t) => {
  const { add, log, run } = createClients()
  add()
  t.match(await run(), { verdict: 'clean', exitCode: 0, tookMs: 2_005 })
  t.strictSame(log, { told: [5], closed: [2_005], cut: [2_005], frames: log.frames })
})

t.test('when less time is left, it is cut 100 ms before the drain deadline', async (t) => {
  // 1 000 − margin 200 − releaseMs 160
  const { add, log, run } = createClients(() => 0.5, { gracePeriodMs: 1_000 })
  add()
  t.match(await run(), { verdict: 'clean', exitCode: 0, budget: { drainDeadlineMs: 640 } })
  t.strictSame(log.cut, [540])
})

t.test('one that still reads what was queued for it is not cut as long as it reads', async (t) => {
  const { add, log, run } = createClients()
  // 1 MB in 5 s, and an answer half a second after the frame
  add({ queued: (ms) => Math.max(0, 1_000_000 - 200 * ms), answersIn: 5_500 })
  t.match(await run(), { verdict: 'clean', tookMs: 5_505 })
  t.strictSame(log.cut, [])
})

t.test('one that stops reading is cut two seconds later, whatever is queued for it', async (t) => {
  const { add, log, run } = createClients()
  add({ queued: (ms) => Math.max(400_000, 1_000_000 - 200 * ms) })
  t.match(await run(), { verdict: 'clean' })
  // it read for 3 s; looked at every half second
  t.strictSame(log.cut, [5_005])
})

t.test('one that reads for ever is cut before the drain deadline', async (t) => {
  const { add, log, run } = createClients()
  add({ queued: (ms) => 1e9 - ms })
  t.match(await run(), { verdict: 'clean' })
  t.strictSame(log.cut, [7_500])
})

t.test('one that cannot be told is cut, and the others are told', async (t) => {
  const { add, log, run } = createClients(() => 0)
  const close = (): void => {
    throw new Error('broken')
  }
  add({ close })
  add({ answersIn: 10 })
  add({
    close,
    terminate() {
      throw new Error('broken, too')
    },
  })
  t.match(await run(), { verdict: 'clean', tookMs: 10 })
  t.strictSame(log.told, [0])
  t.strictSame(log.cut, [0])
})

t.test('whoever has closed by itself before its moment is not told', async (t) => {
  const { clock, add, log, run } = createClients()
  const client = add()
  clock.after(2, () => client.terminate())
  t.match(await run(), { verdict: 'clean', tookMs: 2 })
  t.strictSame(log.told, [])
})

t.test('nothing is left on the clock afterwards', async (t) => {
  const { clock, add, run } = createClients()
  add({ answersIn: 1 })
  await run()
  t.equal(clock.pending, 0)
})

t.test('clients that cannot be listed are a failure that is named', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const clients = (): never => {
    throw new Error('no server yet')
  }
  shutdown.register('websockets', sayGoodbye({ clients, clock, random: () => 0, code: 1012, reason: '' }))
  const { verdict, participants } = await clock.runUntil(shutdown.begin('test'))
  t.equal(verdict, 'failed')
  t.match(participants.items, [{ name: 'websockets', error: 'no server yet', cut: false }])
})
