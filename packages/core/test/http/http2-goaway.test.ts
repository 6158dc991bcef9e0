import { everyStream, type Frame } from '@lastcall/testing'
import t from 'tap'
import { ask, serveSessions, streamsInHand, type ServeSessionsOptions } from './serve-sessions.js'

t.jobs = 4

const quickly: ServeSessionsOptions = {
  options: { gracePeriodMs: 10_000, lameDuck: false, lastCall: { maxMs: 1_500, idleMs: 300 } },
  drain: { random: () => 0 },
}

/** Pings and GOAWAYs with their last stream, in the order in which they came. */
const farewells = (frames: readonly Frame[]): string[] =>
  frames
    .filter(({ type, flags }) => type === 'GOAWAY' || (type === 'PING' && flags === 0))
    .map(({ type, lastStream, code }) => (type === 'PING' ? 'PING' : `GOAWAY ${lastStream} ${code}`))

t.test(
  'a session gets a GOAWAY that refuses nothing, a ping, and a GOAWAY with its last stream',
  async (t) => {
    const served = await serveSessions(t, { ...quickly, request: (_req, res) => void res.end('hello') })
    const client = await served.frames({ acknowledges: false })
    client.ask('/')
    await client.next('DATA')
    const report = served.shutdown.begin('the test')
    await client.next('PING')
    t.strictSame(farewells(client.frames), [`GOAWAY ${everyStream} 0`, 'PING'])
    // it was sent before the GOAWAY had arrived, as far as the server can tell
    const between = client.ask('/')
    await client.next('HEADERS', { stream: between })
    client.acknowledge()
    await client.next('GOAWAY')
    await client.next('GOAWAY')
    t.equal(await client.over, 'FIN')
    t.strictSame(farewells(client.frames).slice(0, 3), [`GOAWAY ${everyStream} 0`, 'PING', `GOAWAY 3 0`])
    t.match(await report, { verdict: 'clean', refused: 0, connections: { told: 1 }, cut: { count: 0 } })
  },
)

t.test(
  'what is in flight finishes after the last GOAWAY, and what comes after it is left alone',
  async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { ...quickly, request: hand.request })
    const client = await served.frames()
    const busy = client.ask('/')
    const res = await hand.nextResponse()
    const report = served.shutdown.begin('the test')
    await client.next('GOAWAY')
    t.match(await client.next('GOAWAY'), { lastStream: busy, code: 0 })
    const late = client.ask('/late')
    client.ping()
    await client.next('PING')
    // the answer to the first ping of its own
    await client.next('PING')
    res.end('done')
    await client.next('DATA', { stream: busy })
    t.equal(await client.over, 'FIN')
    // nothing, or REFUSED_STREAM: it may be asked again elsewhere
    t.strictSame(
      client.frames.filter(({ stream, code }) => stream === late && code !== 7),
      [],
    )
    t.equal(hand.count, 1)
    t.equal((await report).verdict, 'clean')
  },
)

t.test(
  "a client of Node's that is told in the middle of a request gets its answer, and leaves",
  async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { ...quickly, request: hand.request })
    const client = await served.connect()
    const { answer } = ask(client, '/')
    const res = await hand.nextResponse()
    const told = new Promise((resolve) => client.once('goaway', resolve))
    const gone = new Promise((resolve) => client.once('close', resolve))
    const report = served.shutdown.begin('the test')
    await told
    t.equal(client.closed, true)
    res.end('done')
    t.match(await answer, { status: 200, body: 'done', code: 0 })
    await gone
    t.match(await report, { verdict: 'clean', connections: { told: 1, left: 0, ended: 0 } })
  },
)

t.test('a client that never acknowledges the ping gets its last GOAWAY all the same', async (t) => {
  const hand = streamsInHand()
  const served = await serveSessions(t, { ...quickly, request: hand.request })
  const client = await served.frames({ acknowledges: false })
  client.ask('/')
  const res = await hand.nextResponse()
  const report = served.shutdown.begin('the test')
  await client.next('GOAWAY')
  t.match(await client.next('GOAWAY'), { lastStream: 1 })
  res.end('done')
  t.equal(await client.over, 'FIN')
  t.match((await report).phases[1], { phase: 'last-call', ended: 'everyone was told' })
})

t.test('a client that never says anything is bounded', async (t) => {
  const served = await serveSessions(t, quickly)
  const client = await served.frames({ says: '', stays: true })
  const { verdict, tookMs } = await served.close()
  t.equal(verdict, 'clean')
  t.ok(tookMs < 3_000, `took ${tookMs} ms`)
  await client.over
})

t.test('in lame duck each session is told once, and who comes back is served', async (t) => {
  const served = await serveSessions(t, {
    options: {
      lameDuck: { minMs: 1_500, quietMs: 100, maxMs: 2_000 },
      lastCall: { maxMs: 600, idleMs: 100 },
    },
    drain: { random: () => 0 },
    request: (_req, res) => void res.end('hello'),
  })
  const [told, watcher] = [await served.frames(), await served.frames()]
  const report = served.shutdown.begin('the test')
  t.match(await told.next('GOAWAY'), { lastStream: everyStream })
  t.match(await watcher.next('GOAWAY'), { lastStream: everyStream })
  t.equal(served.shutdown.phase, 'lame-duck')
  t.equal(await told.over, 'FIN')
  const back = await served.connect()
  t.match(await ask(back, '/').answer, { status: 200, body: 'hello' })
  t.equal(served.shutdown.phase, 'lame-duck')
  t.notOk(back.closed)
  const goaway = new Promise((resolve) => back.once('goaway', resolve))
  await goaway
  t.not(served.shutdown.phase, 'lame-duck')
  const { verdict, phases, connections } = await report
  t.equal(verdict, 'clean')
  t.match(phases[0], { phase: 'lame-duck', ended: 'quiet', requests: 1 })
  t.match(connections, { told: 3, left: 0 })
})

t.test('each session has a moment of its own', async (t) => {
  const moments = [0.9, 0.1, 0.5]
  const served = await serveSessions(t, {
    options: { lameDuck: false, lastCall: { maxMs: 6_000, idleMs: 100 } },
    // within 10 ms for each session, far enough apart for any machine
    drain: { random: () => moments.shift() ?? 0 },
  })
  const clients = [await served.frames(), await served.frames(), await served.frames()]
  const order: number[] = []
  const report = served.shutdown.begin('the test')
  await Promise.all(
    clients.map(async (client, index) => void (await client.next('GOAWAY'), order.push(index))),
  )
  t.strictSame(order, [1, 2, 0])
  await report
})

t.test('requests keep the lame duck going, probes do not', async (t) => {
  const lameDuck = { minMs: 100, quietMs: 1_000, maxMs: 2_500 }
  for (const [path, ended] of [
    ['/', 'its maximum'],
    ['/readyz', 'quiet'],
  ] as const) {
    const served = await serveSessions(t, {
      options: { lameDuck, lastCall: { maxMs: 300, idleMs: 100 } },
      // told in last call
      drain: { random: () => 1 },
      request: (_req, res) => void res.end('hello'),
    })
    const report = served.shutdown.begin('the test')
    let client = await served.connect()
    while (served.shutdown.phase === 'lame-duck') {
      if (client.closed) client = await served.connect()
      await ask(client, path).answer
    }
    t.match((await report).phases[0], { phase: 'lame-duck', ended }, path)
  }
})

t.test('a client that has said goodbye itself is waited for, and told nothing more', async (t) => {
  const hand = streamsInHand()
  const served = await serveSessions(t, { ...quickly, request: hand.request })
  const client = await served.frames()
  client.ask('/')
  const res = await hand.nextResponse()
  client.goaway()
  t.match(await client.next('GOAWAY'), { lastStream: 1, code: 0 })
  const report = served.shutdown.begin('the test')
  await served.phase('draining')
  res.end('done')
  await client.next('DATA')
  t.equal(await client.over, 'FIN')
  t.notOk(farewells(client.frames).includes(`GOAWAY ${everyStream} 0`))
  t.equal((await report).verdict, 'clean')
})
