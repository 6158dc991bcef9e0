import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as think } from 'node:timers/promises'
import { requestText } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp } from './app.js'
import { connectRaw, type RawClient } from './raw-client.js'
import { inHand, serve, type Served, type ServeOptions } from './serve.js'

t.jobs = 2

const atOnce: ServeOptions = { options: { lameDuck: false, lastCall: false } }

/** Draining, held up by a request in hand, with another connection in the middle of the head of its request. */
async function drainingServer(
  t: Test,
  given = atOnce,
  beforeClosing: (served: Served) => unknown = () => {},
) {
  const hand = inHand()
  const served = await serve(t, hand.handler, given)
  await beforeClosing(served)
  const [busy, late] = [await served.connect(), await served.connect()]
  busy.send('/busy')
  const { res } = await hand.next()
  late.socket.write('POST /late HTTP/1.1\r\nHost: localhost\r\n')
  // read before anybody is taken for idle
  await new Promise((resolve) => setImmediate(resolve))
  const report = served.close()
  await served.phase('draining')
  return { served, busy, late, res, report, hand }
}

t.test('a late request on an open connection gets a 503, and the handler never sees it', async (t) => {
  const { busy, late, res, report, hand } = await drainingServer(t)
  late.socket.write('Content-Length: 4\r\n\r\nbody')
  const answer = await late.next()
  t.match(answer, {
    status: 503,
    headers: { connection: 'close', 'retry-after': /^[123]$/, 'content-type': 'application/json' },
  })
  t.strictSame(JSON.parse(answer.body), {
    statusCode: 503,
    error: 'Service Unavailable',
    message: 'The server is shutting down',
  })
  t.equal(await late.over, 'FIN')
  res.end('done')
  t.match(await busy.next(), { status: 200, body: 'done', headers: { connection: 'close' } })
  t.equal(hand.count, 1)
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('those who are refused together come back apart', async (t) => {
  const seconds = async (random: number): Promise<string | undefined> => {
    const { late, res, report } = await drainingServer(t, { ...atOnce, drain: { random: () => random } })
    late.socket.write('Content-Length: 0\r\n\r\n')
    const { headers } = await late.next()
    res.end()
    await report
    return headers['retry-after']
  }
  t.equal(await seconds(0), '1')
  t.equal(await seconds(0.5), '2')
  t.equal(await seconds(0.99), '3')
})

t.test(
  'with both phases turned off a request gets a 503 at once, from the app that is told to stop',
  async (t) => {
    const app = await startApp(t, { options: { lameDuck: false, lastCall: false } })
    const [busy, late] = [await app.connect(), await app.connect()]
    busy.send('/wait')
    await app.line('handling /wait')
    late.socket.write('GET / HTTP/1.1\r\n')
    app.signal('SIGTERM')
    await app.line('draining')
    late.socket.write('Host: localhost\r\n\r\n')
    t.match(await late.next(), { status: 503, headers: { connection: 'close' } })
    app.signal('SIGUSR2')
    t.match(await busy.next(), { status: 200, body: 'waited' })
    const { phases } = await app.report()
    t.match(phases, [
      { phase: 'lame-duck', ended: 'skipped: turned off', skipped: true },
      { phase: 'last-call', ended: 'skipped: turned off', skipped: true },
      { phase: 'draining', ended: 'nothing is in flight', skipped: false },
      { phase: 'releasing', ended: 'everything was attempted' },
    ])
    t.equal((await app.ended).code, 0)
  },
)

for (const [who, leave] of [
  ['leave', {}],
  ['keep their side open', { allowHalfOpen: true }],
] as const) {
  t.test(`nothing is waited for after the last answer, whether clients ${who} or not`, async (t) => {
    const app = await startApp(t, { options: { lameDuck: false, lastCall: { maxMs: 50 } } })
    const [busy, idle] = [await app.connect(leave), await app.connect(leave)]
    idle.send('/')
    await idle.next()
    busy.send('/wait')
    await app.line('handling /wait')
    app.signal('SIGTERM')
    await app.line('draining')
    const since = busy.next().then(() => performance.now())
    const until = app.exited.then(() => performance.now())
    app.signal('SIGUSR2')
    const tookMs = (await until) - (await since)
    t.comment(`${Math.round(tookMs)} ms from the last byte to the exit`)
    // every constant is longer: half a second for the loop to empty, a second of silence, two to linger
    t.ok(tookMs < 450, `took ${tookMs} ms`)
    t.equal((await app.ended).code, 0)
  })
}

t.test('a response that has begun is finished, and its connection ends with a FIN', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, atOnce)
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  res.writeHead(200, { 'Content-Length': 10 })
  res.write('first')
  const report = served.close()
  await served.phase('draining')
  res.end('-last')
  t.match(await client.next(), { status: 200, body: 'first-last' })
  t.equal(await client.over, 'FIN')
  t.match(await report, { verdict: 'clean', connections: { ended: 1, told: 0 } })
})

t.test('of two requests in a row the last answer says close, and both arrive', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, atOnce)
  const client = await served.connect()
  client.send('/one')
  client.send('/two')
  const [one, two] = [await next(), await next()]
  const report = served.close()
  await served.phase('draining')
  one.res.end('1')
  two.res.end('2')
  t.match(await client.next(), { body: '1', headers: { connection: 'keep-alive' } })
  t.match(await client.next(), { body: '2', headers: { connection: 'close' } })
  t.equal((await report).verdict, 'clean')
})

/** Finishes the head of a request that asks for something special. */
const ask = (late: RawClient, headers: string): void =>
  void late.socket.write(`${headers}\r\nContent-Length: 4\r\n\r\n`)

t.test('a client that waits for 100 Continue gets a 503 instead', async (t) => {
  let seen = 0
  const { late, res, report } = await drainingServer(t, atOnce, ({ server }) =>
    server.on('checkContinue', () => (seen += 1)),
  )
  ask(late, 'Expect: 100-continue')
  t.match(await late.next(), { status: 503, headers: { connection: 'close' } })
  res.end()
  t.equal((await report).refused, 1)
  t.equal(seen, 0)
})

t.test('a client that asks first is refused before it sends its body', async (t) => {
  const { late, res, report, hand } = await drainingServer(t)
  ask(late, 'Expect: 100-continue')
  t.match(await late.next(), { status: 503, headers: { connection: 'close' } })
  res.end()
  t.equal((await report).refused, 1)
  t.equal(hand.count, 1)
})

t.test('the rest of a head that has begun to arrive is waited for, and answered', async (t) => {
  const { busy, late, res, report } = await drainingServer(t)
  res.end('done')
  t.match(await busy.next(), { body: 'done' })
  late.socket.write('Content-Length: 0\r\n\r\n')
  t.match(await late.next(), { status: 503, headers: { connection: 'close' } })
  t.equal(await late.over, 'FIN')
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('a head that never comes to its end is not waited for until the deadline', async (t) => {
  const { served, late, res } = await drainingServer(t, {
    options: { ...atOnce.options, gracePeriodMs: 300_000 },
  })
  res.end('done')
  t.equal(await late.over, 'FIN')
  await served.phase('stopped')
})

t.test('a request that has arrived when the last one in flight ends gets a 503, and no reset', async (t) => {
  let idle: RawClient | undefined
  const { busy, late, res, report } = await drainingServer(t, atOnce, async (served) => {
    idle = await served.connect()
  })
  // from here on it waits for nothing but the one in flight
  await idle?.over
  // both in this turn of the loop: the server learns that it is done before it reads
  late.socket.write('Content-Length: 4\r\n\r\nbody')
  res.end('done')
  t.match(await late.next(), { status: 503, headers: { connection: 'close' } })
  t.equal(await late.over, 'FIN')
  t.match(await busy.next(), { body: 'done' })
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('a request that waits behind a body that nobody reads gets a 503, and no silent end', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, atOnce)
  const [idle, client] = [await served.connect(), await served.connect()]
  client.send('/one')
  const one = await next()
  client.send('/two', { body: 'x'.repeat(1_000_000) })
  client.send('/three')
  // answered behind the first, without a look at its body: the rest of it, and the third, stay in the kernel
  const two = await next()
  two.res.end('two')
  const report = served.close()
  // from here on it waits for nothing but the one in flight
  await idle.over
  one.res.end('one')
  t.match(await client.next(), { status: 200, body: 'one' })
  t.match(await client.next(), { status: 200, body: 'two' })
  t.match(await client.next(), { status: 503, headers: { connection: 'close' } })
  t.match(await report, { verdict: 'clean', refused: 1 })
})

const someTurns = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}

const uploadingHead = 'POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nhalf'

/** A client whose POST was answered when half of its body had come, and an idle one. */
async function answeredEarly(t: Test): Promise<{ served: Served; idle: RawClient; uploading: RawClient }> {
  const served = await serve(t, (_req, res) => res.end('early'), {
    options: { ...atOnce.options, gracePeriodMs: 300_000 },
  })
  const [idle, uploading] = [await served.connect(), await served.connect()]
  uploading.socket.write(uploadingHead)
  t.match(await uploading.next(), { body: 'early', headers: { connection: 'keep-alive' } })
  return { served, idle, uploading }
}

t.test('a connection whose body is on its way is not idle: what follows it gets a 503', async (t) => {
  const { served, idle, uploading } = await answeredEarly(t)
  const report = served.close()
  // the control: whoever has nothing on its way is ended at once
  t.equal(await idle.over, 'FIN')
  uploading.socket.write(`rest${requestText('/next')}`)
  t.match(await uploading.next(), { status: 503, headers: { connection: 'close' } })
  t.equal(await uploading.over, 'FIN')
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('what has begun to arrive with the last piece of a body gets a 503 too', async (t) => {
  const { served, idle, uploading } = await answeredEarly(t)
  const report = served.close()
  await idle.over
  const next = requestText('/next')
  uploading.socket.write(`rest${next.slice(0, 10)}`)
  await someTurns()
  uploading.socket.write(next.slice(10))
  t.match(await uploading.next(), { status: 503, headers: { connection: 'close' } })
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('a body may take its time, as long as something of it comes', async (t) => {
  const { served, uploading } = await answeredEarly(t)
  const report = served.close()
  for (const piece of ['r', 'e', 's']) {
    await think(600)
    uploading.socket.write(piece)
  }
  uploading.socket.write(`t${requestText('/next')}`)
  t.match(await uploading.next(), { status: 503, headers: { connection: 'close' } })
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('a connection ends with its body, and where nothing more of that comes after a second', async (t) => {
  const { served, uploading } = await answeredEarly(t)
  const silent = await served.connect()
  silent.socket.write(uploadingHead)
  await silent.next()
  const order: string[] = []
  void uploading.over.then(() => order.push('whose body came'))
  void silent.over.then(() => order.push('whose body stayed away'))
  const since = performance.now()
  const report = served.close()
  uploading.socket.write('rest')
  t.equal(await silent.over, 'FIN')
  const tookMs = performance.now() - since
  t.ok(tookMs > 900, `took ${tookMs} ms`)
  t.strictSame(order, ['whose body came', 'whose body stayed away'])
  t.match(await report, { verdict: 'clean', connections: { ended: 3 } })
})

/** A client that connected before the server was drained, when everybody else has gone and a hold is left. */
async function metLate(t: Test) {
  const server = createServer()
  const accepted = once(server, 'connection')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const older = await connectRaw((server.address() as AddressInfo).port)
  await accepted
  const served = await serve(t, (_req, res) => res.end('hello'), { ...atOnce, server })
  const idle = await served.connect()
  const hold = served.shutdown.hold('job')
  const report = served.close()
  await idle.over
  await idle.gone
  // it looks twice before it says that nothing is in flight
  await someTurns()
  t.equal(served.shutdown.phase, 'draining')
  return { server, shutdown: served.shutdown, older, hold, report }
}

t.test('a request on a connection that is older than the drain of its server gets a 503', async (t) => {
  const { older, hold, report } = await metLate(t)
  older.send('/')
  t.match(await older.next(), { status: 503, headers: { connection: 'close' } })
  t.equal(await older.over, 'FIN')
  hold.release()
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('its 503 is waited for, though the last hold is given back in the turn of it', async (t) => {
  const { server, shutdown, older, hold, report } = await metLate(t)
  const onStart = (message: unknown): void => {
    if ((message as { server: unknown }).server === server) hold.release()
  }
  subscribe('http.server.request.start', onStart)
  t.teardown(() => unsubscribe('http.server.request.start', onStart))
  older.socket.write(uploadingHead)
  t.match(await older.next(), { status: 503, headers: { connection: 'close' } })
  // a socket closed with half of its body unread would be reset
  t.equal(shutdown.phase, 'draining')
  older.socket.write('rest')
  t.equal(await older.over, 'FIN')
  t.equal(await older.gone, undefined)
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('a client that expects something else gets a 503', async (t) => {
  let seen = 0
  const { late, res, report } = await drainingServer(t, atOnce, ({ server }) =>
    server.on('checkExpectation', () => (seen += 1)),
  )
  ask(late, 'Expect: the-unexpected')
  t.match(await late.next(), { status: 503, headers: { connection: 'close' } })
  res.end()
  t.equal((await report).refused, 1)
  t.equal(seen, 0)
})

t.test('an upgrade gets a 503', async (t) => {
  const upgraded: string[] = []
  const { late, res, report } = await drainingServer(t, atOnce, ({ server }) =>
    server.on('upgrade', ({ url = '' }) => void upgraded.push(url)),
  )
  late.socket.write('Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  t.match(await late.next(), { status: 503, headers: { connection: 'close', 'retry-after': /^[123]$/ } })
  t.equal(await late.over, 'FIN')
  res.end()
  t.match(await report, { verdict: 'clean', refused: 1 })
  t.strictSame(upgraded, [])
})

t.test(
  'a client whose upgrade was refused, and that keeps its side open, does not hold up the shutdown',
  async (t) => {
    const served = await serve(t, () => {}, { options: { ...atOnce.options, gracePeriodMs: 5_000 } })
    served.server.on('upgrade', () => {})
    const [idle, client] = [await served.connect(), await served.connect({ allowHalfOpen: true })]
    client.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    // read before anybody is taken for idle
    await new Promise((resolve) => setImmediate(resolve))
    const report = served.close()
    await idle.gone
    await someTurns()
    client.socket.write('Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    t.match(await client.next(), { status: 503 })
    t.equal(await client.over, 'FIN')
    t.match(await report, { refused: 1, connections: { told: 1, ended: 1 } })
    t.match((await report).phases[2], { phase: 'draining', ended: 'nothing is in flight' })
  },
)

t.test('a client that asks for an upgrade and resets the connection crashes nothing', async (t) => {
  const { served, late, res, report } = await drainingServer(
    t,
    atOnce,
    ({ server }) => void server.on('upgrade', () => {}),
  )
  const gone = new Promise<void>((resolve) => {
    const look = (): void =>
      void served.server.getConnections((_error, count) => (count > 1 ? setImmediate(look) : resolve()))
    look()
  })
  late.socket.write('Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  late.socket.resetAndDestroy()
  await gone
  res.end()
  t.match(await report, { verdict: 'clean', refused: 1 })
})

t.test('a client that vanishes in the middle of its answer is waited for no longer', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, { options: { gracePeriodMs: 30_000 } })
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  res.write('the beginning')
  const report = served.close()
  await served.phase('draining')
  client.socket.destroy()
  t.match(await report, { verdict: 'clean', connections: { left: 1 }, cut: { count: 0 } })
})

t.test('a direct close takes no longer than the work in flight', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, { options: { gracePeriodMs: 30_000 } })
  const [idle, silent, busy] = [await served.connect(), await served.connect(), await served.connect()]
  idle.send('/')
  const first = await next()
  first.res.end()
  await idle.next()
  busy.send('/')
  const { res } = await next()
  const report = served.close()
  t.equal(await idle.over, 'FIN')
  t.equal(await silent.over, 'FIN')
  t.equal(served.shutdown.phase, 'draining')
  const since = performance.now()
  res.end('done')
  t.match(await busy.next(), { body: 'done' })
  t.match((await report).connections, { ended: 2, told: 1 })
  const tookMs = performance.now() - since
  t.ok(tookMs < 450, `took ${tookMs} ms`)
})
