import { setTimeout as think } from 'node:timers/promises'
import { requestText } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { connectRaw } from './raw-client.js'
import { inHand, serve, type Served, type ServeOptions } from './serve.js'

/** No lame duck; every connection's moment comes at once unless `random` says otherwise. */
const quickly: ServeOptions = {
  options: { lameDuck: false, lastCall: { maxMs: 3_000, idleMs: 500 } },
  drain: { random: () => 0 },
}

const hello = (t: Test, given = quickly): Promise<Served> => serve(t, (_req, res) => res.end('hello'), given)

t.test('new connections are refused, not reset, while an old one is still answered', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, quickly)
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  t.equal(served.shutdown.phase, 'last-call')
  await t.rejects(connectRaw(served.port), { code: 'ECONNREFUSED' })
  res.end('served')
  t.match(await client.next(), { status: 200, body: 'served', headers: { connection: 'close' } })
  t.equal((await report).verdict, 'clean')
})

t.test('a request on an open connection is served, told, and its connection ends with a FIN', async (t) => {
  const served = await hello(t)
  const client = await served.connect()
  client.send('/')
  t.match(await client.next(), { headers: { connection: 'keep-alive' } })
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  client.send('/')
  t.match(await client.next(), { status: 200, body: 'hello', headers: { connection: 'close' } })
  t.equal(await client.over, 'FIN')
  t.equal(await client.gone, undefined)
  t.match((await report).connections, { told: 1, idle: 0, ended: 0, left: 0 })
})

t.test(
  'before its moment a connection is served as ever; the first answer after it is the last',
  async (t) => {
    const served = await hello(t, { ...quickly, drain: { random: () => 1 } })
    // twenty connections: the moment is 200 ms away
    const [client, ...others] = await Promise.all(Array.from({ length: 20 }, () => served.connect()))
    if (!client) throw new Error('no client')
    const report = served.shutdown.begin('the test')
    await served.listenerClosed()
    const since = performance.now()
    const answers: string[] = []
    while (answers.at(-1) !== 'close') {
      client.send('/')
      const { status, headers } = await client.next()
      t.equal(status, 200)
      answers.push(headers['connection'] ?? '')
    }
    const tookMs = performance.now() - since
    t.ok(tookMs >= 190, `told after ${tookMs} ms`)
    t.strictSame(new Set(answers.slice(0, -1)), new Set(['keep-alive']))
    for (const other of others) t.equal(await other.over, 'FIN')
    t.match((await report).connections, { told: 1, idle: 19 })
  },
)

t.test('a connection that a balancer had no need of is served when its others have gone', async (t) => {
  const served = await hello(t)
  const client = await served.connect()
  client.send('/')
  await client.next()
  // for longer than idleMs: it is as silent as one at the bottom of a pool
  await think(600)
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  await think(100)
  client.send('/', { body: 'order 4711' })
  t.match(await client.next(), { status: 200, body: 'hello', headers: { connection: 'close' } })
  t.match((await report).connections, { told: 1, idle: 0 })
})

t.test('an idle connection is closed with a FIN, after idleMs', async (t) => {
  const served = await hello(t)
  const client = await served.connect()
  const since = performance.now()
  const report = served.shutdown.begin('the test')
  t.equal(await client.over, 'FIN')
  const tookMs = performance.now() - since
  t.ok(tookMs >= 450 && tookMs < 1_450, `took ${tookMs} ms`)
  t.equal(await client.gone, undefined)
  t.match((await report).connections, { idle: 1, told: 0 })
  t.match((await report).phases[1], { phase: 'last-call', ended: 'everyone was told' })
})

t.test('a client that thinks for longer than idleMs is waited for, and told', async (t) => {
  const served = await hello(t)
  const client = await served.connect()
  for (let asked = 0; asked < 2; asked += 1) {
    client.send('/')
    await client.next()
    await think(700)
  }
  const report = served.shutdown.begin('the test')
  await think(300)
  client.send('/')
  t.match(await client.next(), { status: 200, headers: { connection: 'close' } })
  t.match((await report).connections, { told: 1, idle: 0 })
})

t.test('a request whose head arrives in two parts is served', async (t) => {
  const served = await hello(t)
  const client = await served.connect()
  client.socket.write('GET / HTTP/1.1\r\nHo')
  const report = served.shutdown.begin('the test')
  await think(300)
  client.socket.write('st: localhost\r\n\r\n')
  t.match(await client.next(), { status: 200, headers: { connection: 'close' } })
  t.equal((await report).verdict, 'clean')
})

t.test('a connection whose POST was answered before its body came is idle like any other', async (t) => {
  const served = await serve(t, (_req, res) => res.end('ignored'), quickly)
  const client = await served.connect()
  client.send('/', { method: 'POST', headers: ['Content-Length: 200'] })
  t.match(await client.next(), { headers: { connection: 'keep-alive' } })
  client.socket.write('x'.repeat(200))
  const report = served.shutdown.begin('the test')
  t.equal(await client.over, 'FIN')
  t.match((await report).connections, { idle: 1 })
})

/** A client whose POST was answered when half of its body had come. Idle connections are closed after 100 ms. */
async function answeredEarly(t: Test) {
  const served = await serve(t, (_req, res) => res.end('early'), {
    ...quickly,
    options: { lameDuck: false, lastCall: { maxMs: 5_000, idleMs: 100 }, gracePeriodMs: 30_000 },
  })
  const [client, idle] = [await served.connect(), await served.connect()]
  client.socket.write('POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nhalf')
  t.match(await client.next(), { headers: { connection: 'keep-alive' } })
  return { served, client, idle }
}

t.test('a connection whose body is on its way is not idle: what follows it is served', async (t) => {
  const { served, client, idle } = await answeredEarly(t)
  const report = served.shutdown.begin('the test')
  // the control: whoever has nothing on its way is closed
  t.equal(await idle.over, 'FIN')
  await think(300)
  client.socket.write(`rest${requestText('/next')}`)
  t.match(await client.next(), { status: 200, headers: { connection: 'close' } })
  t.match(await report, { verdict: 'clean', connections: { told: 1, idle: 1 } })
})

t.test('its connection is idle from the end of the body on, or when nothing more of it comes', async (t) => {
  for (const rest of ['rest', 're']) {
    const { served, client, idle } = await answeredEarly(t)
    const report = served.shutdown.begin('the test')
    await idle.over
    client.socket.write(rest)
    t.equal(await client.over, 'FIN')
    t.match(await report, { connections: { told: 0, idle: 2 } })
    t.match((await report).phases[1], { phase: 'last-call', ended: 'everyone was told' })
  }
})

t.test('of two requests in a row both are answered, and the second answer is the last', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, quickly)
  const client = await served.connect()
  client.socket.write(requestText('/first') + requestText('/second'))
  const [first, second] = [await next(), await next()]
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  // in the wrong order, which the server has to put right
  second.res.end('two')
  first.res.end('one')
  t.match(await client.next(), { body: 'one', headers: { connection: 'keep-alive' } })
  t.match(await client.next(), { body: 'two', headers: { connection: 'close' } })
  t.equal(await client.over, 'FIN')
  t.match((await report).connections, { told: 1 })
})

t.test('what a client sends after it was told reaches no handler', async (t) => {
  const handled: string[] = []
  const { handler, next } = inHand()
  const served = await serve(
    t,
    (req, res) => {
      handled.push(req.url ?? '')
      if (req.url === '/wait') handler(req, res)
      else res.end('hello')
    },
    quickly,
  )
  // keeps last call from being over
  const other = await served.connect()
  other.send('/wait')
  const { res } = await next()
  const client = await served.connect({ allowHalfOpen: true })
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  client.socket.write(requestText('/last') + requestText('/in-a-row', { body: 'twice?' }))
  t.match(await client.next(), { headers: { connection: 'close' } })
  t.equal(await client.over, 'FIN')
  client.send('/too-late', { body: 'twice?' })
  client.socket.end()
  t.equal(await client.gone, undefined)
  t.equal(served.shutdown.phase, 'last-call')
  t.strictSame(handled, ['/wait', '/last'])
  res.end()
  t.match(await report, { verdict: 'clean', refused: 0 })
})

t.test('what a handler says about the connection does not win over the last call', async (t) => {
  for (const headers of [
    { Connection: 'keep-alive', 'X-Mine': '1' },
    ['connection', 'keep-alive', 'X-Mine', '1'],
    [
      ['CONNECTION', 'keep-alive'],
      ['X-Mine', '1'],
    ],
  ]) {
    const served = await serve(t, (_req, res) => res.writeHead(200, headers as never).end('hello'), quickly)
    const client = await served.connect()
    const report = served.shutdown.begin('the test')
    await served.listenerClosed()
    client.send('/')
    t.match(await client.next(), { headers: { connection: 'close', 'x-mine': '1' } })
    t.equal(await client.over, 'FIN')
    await report
  }
})

t.test('`stopping` fires, and a long poll that listens to it is told on its answer', async (t) => {
  const served: Served = await serve(
    t,
    (_req, res) => served.shutdown.stopping.addEventListener('abort', () => res.end('come back')),
    quickly,
  )
  const client = await served.connect()
  client.send('/poll')
  await new Promise((resolve) => served.server.once('request', resolve))
  const report = served.shutdown.begin('the test')
  t.match(await client.next(), { status: 200, body: 'come back' })
  t.equal(await client.over, 'FIN')
  t.equal((await report).verdict, 'clean')
})
