import type { ShutdownOptions } from '@lastcall/core'
import t, { type Test } from 'tap'
import type { Connection } from '#src/http/connection.js'
import type { Traffic } from '#src/http/connections.js'
import { lameDuck } from '#src/http/lame-duck.js'
import { createFakeClock, type FakeClock } from '../fake-clock.js'
import { startApp } from './app.js'
import type { RawClient } from './raw-client.js'
import { serve, type Served } from './serve.js'

const hello = (t: Test, options: ShutdownOptions): Promise<Served> =>
  serve(t, (_req, res) => res.end('hello'), { options: { lastCall: { maxMs: 300, idleMs: 50 }, ...options } })

/** Asks without a pause until an answer says close; what they said. */
async function askUntilTold(client: RawClient, path = '/'): Promise<number[]> {
  const statuses: number[] = []
  for (let told = false; !told;) {
    client.send(path)
    const { status, headers } = await client.next()
    statuses.push(status)
    told = headers['connection'] === 'close'
  }
  return statuses
}

const first = async (served: Served) => (await served.shutdown.begin('the test')).phases[0]

t.test('everything is served, on old connections and new ones; at first nobody is told to go', async (t) => {
  const served = await hello(t, { lameDuck: { minMs: 2_000, quietMs: 100, maxMs: 3_000 } })
  const old = await served.connect()
  const report = served.shutdown.begin('the test')
  for (const client of [old, await served.connect(), old, await served.connect()]) {
    client.send('/')
    t.match(await client.next(), { status: 200, body: 'hello', headers: { connection: 'keep-alive' } })
    client.send('/', { body: 'a body' })
    t.match(await client.next(), { status: 200, body: 'hello', headers: { connection: 'keep-alive' } })
  }
  t.equal(served.shutdown.phase, 'lame-duck')
  t.match((await report).phases[0], { phase: 'lame-duck', ended: 'quiet', skipped: false, requests: 8 })
})

t.test(
  'what has arrived by the end of lame duck is served, also where last call is turned off',
  async (t) => {
    const served = await hello(t, { lameDuck: { minMs: 50, quietMs: 25, maxMs: 100 }, lastCall: false })
    const client = await served.connect()
    client.send('/')
    await client.next()
    const report = served.shutdown.begin('the test')
    client.send('/')
    // the loop learns that the time is up before it reads
    const until = performance.now() + 200
    while (performance.now() < until);
    t.match(await client.next(), { status: 200, body: 'hello' })
    t.match(await report, { verdict: 'clean', refused: 0 })
  },
)

t.test('halfway through minMs those who are connected are told, once; who comes back is not', async (t) => {
  const served = await hello(t, { lameDuck: { minMs: 400, quietMs: 1_000, maxMs: 5_000 } })
  const report = served.shutdown.begin('the test')
  const since = performance.now()
  const clients = await Promise.all([0, 1, 2].map(() => served.connect()))
  await Promise.all(
    clients.map(async (client) => {
      const answers = await askUntilTold(client)
      t.ok(performance.now() - since >= 195, 'not in the first half')
      t.equal(await client.over, 'FIN')
      t.strictSame(new Set(answers), new Set([200]))
    }),
  )
  const back = await served.connect()
  for (let asked = 0; asked < 10; asked += 1) {
    back.send('/')
    t.match(await back.next(), { status: 200, headers: { connection: 'keep-alive' } })
  }
  t.equal(served.shutdown.phase, 'lame-duck')
  t.match(await report, { verdict: 'clean', connections: { told: 3 } })
})

t.test('it is over after minMs when nobody asks for anything', async (t) => {
  const phase = await first(await hello(t, { lameDuck: { minMs: 200, quietMs: 100, maxMs: 2_000 } }))
  t.equal(phase?.ended, 'quiet')
  t.ok(phase && phase.tookMs >= 190 && phase.tookMs < 1_000, `took ${phase?.tookMs} ms`)
})

t.test('requests without end prolong it to maxMs, and no longer', async (t) => {
  const served = await hello(t, { lameDuck: { minMs: 50, quietMs: 800, maxMs: 1_000 } })
  const report = served.shutdown.begin('the test')
  // who is told comes back; the last one may come too late
  const stopped = t.rejects(
    (async () => {
      for (;;) await askUntilTold(await served.connect())
    })(),
  )
  const [phase] = (await report).phases
  await stopped
  t.equal(phase?.ended, 'its maximum')
  t.ok(phase && phase.tookMs >= 900 && phase.tookMs < 2_000, `took ${phase?.tookMs} ms`)
})

t.test('probes, and connections that ask for nothing, do not prolong it', async (t) => {
  const served = await hello(t, { lameDuck: { minMs: 200, quietMs: 200, maxMs: 3_000 } })
  const report = served.shutdown.begin('the test')
  const stopped = t.rejects(
    (async () => {
      for (;;) {
        const silent = await served.connect()
        silent.socket.destroy()
        const prober = await served.connect()
        for (const path of ['/readyz', '/livez?verbose']) {
          prober.send(path)
          await prober.next()
        }
        prober.socket.end()
      }
    })(),
  )
  const [phase] = (await report).phases
  await stopped
  t.equal(phase?.ended, 'quiet')
  t.ok(phase && phase.tookMs < 1_000, `took ${phase?.tookMs} ms`)
})

/** A lame duck during which requests come at these times, in ms; how long it takes. */
async function takesMs(
  given: { minMs: number; quietMs: number },
  requestsAt: number[],
  { before, url = '/' }: { before?: number; url?: string } = {},
): Promise<number> {
  const clock: FakeClock = createFakeClock()
  const startedAt = clock.now()
  const traffic = {
    connections: new Set<Connection>(),
    lastRequestAt: before === undefined ? 0 : startedAt - before,
  } as Partial<Traffic> as Traffic
  const budget = { ...given, maxMs: 60_000 }
  const over = lameDuck({ traffic, clock, random: () => 0, budget, probes: {} })
  for (const at of requestsAt) {
    clock.after(at, () => {
      const connection = { requestedAt: clock.now() } as Connection
      traffic.observer?.request(connection, { method: 'GET', url } as never, {} as never)
    })
  }
  await clock.runUntil(over)
  return clock.now() - startedAt
}

t.test('it takes minMs, and until it was quiet for quietMs', async (t) => {
  t.equal(await takesMs({ minMs: 5_000, quietMs: 1_000 }, []), 5_000)
  t.equal(await takesMs({ minMs: 5_000, quietMs: 1_000 }, [100, 3_000]), 5_000)
  t.equal(await takesMs({ minMs: 5_000, quietMs: 1_000 }, [4_500]), 5_500)
  t.equal(await takesMs({ minMs: 5_000, quietMs: 1_000 }, [4_500, 5_400, 6_300]), 7_300)
  t.equal(await takesMs({ minMs: 5_000, quietMs: 1_000 }, [4_500, 5_600]), 5_500)
  t.equal(await takesMs({ minMs: 0, quietMs: 1_000 }, [], { before: 300 }), 700)
  t.equal(await takesMs({ minMs: 0, quietMs: 1_000 }, [], { before: 3_000 }), 0)
  t.equal(await takesMs({ minMs: 5_000, quietMs: 1_000 }, [4_500, 5_400], { url: '/readyz' }), 5_000)
})

const brief = { gracePeriodMs: 3_000, lastCall: { maxMs: 100 } } as const

for (const [why, options, ended] of [
  ['it is turned off', { lameDuck: false }, 'skipped: turned off'],
  ['nobody watches readiness', {}, 'skipped: nobody watches readiness'],
  ['nobody takes traffic away on this platform', { platform: 'docker' }, 'skipped: nobody watches readiness'],
  ['the app was never ready', { manualReady: true }, 'skipped: never ready'],
] as const) {
  t.test(`it is skipped when ${why}`, async (t) => {
    const phase = await first(await hello(t, { ...brief, ...options }))
    t.match(phase, { phase: 'lame-duck', ended, skipped: true })
    t.ok(phase && phase.tookMs < 100, `took ${phase?.tookMs} ms`)
  })
}

t.test('it is skipped when the app is closed by its own code', async (t) => {
  const served = await hello(t, { ...brief, platform: 'kubernetes' })
  const { phases } = await served.close()
  t.match(phases, [
    { phase: 'lame-duck', ended: 'skipped: closed directly' },
    { phase: 'last-call', ended: 'skipped: closed directly' },
  ])
})

t.test('it is skipped after a crash, and last call is not', async (t) => {
  const app = await startApp(t, { options: { ...brief, platform: 'kubernetes' } })
  const client = await app.connect()
  client.send('/crash')
  const { phases } = await app.report()
  t.match(phases, [
    { phase: 'lame-duck', ended: 'skipped: after a crash' },
    { phase: 'last-call', skipped: false },
  ])
  t.equal((await app.ended).code, 1)
})

for (const [why, options, path] of [
  ['readiness was asked for', {}, '/readyz'],
  ['the platform takes the traffic away', { platform: 'kubernetes' }, '/'],
  ['minMs is given', { lameDuck: { minMs: 100, quietMs: 50 } }, '/'],
] as const) {
  t.test(`it is not skipped when ${why}`, async (t) => {
    const app = await startApp(t, { options: { gracePeriodMs: 1_500, ...options } })
    const client = await app.connect()
    client.send(path)
    await client.next()
    app.signal('SIGTERM')
    const { phases } = await app.report()
    t.match(phases[0], { phase: 'lame-duck', ended: 'quiet', skipped: false })
  })
}
