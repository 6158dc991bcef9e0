import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createAdminServer } from '@lastcall/core/http'
import { startProgram } from '@lastcall/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { startApp } from './app.js'
import { connectRaw } from './raw-client.js'
import { separate, serveAdmin, token } from './serve-admin.js'
import { inHand, serve } from './serve.js'
import { startStepped } from './stepped.js'

t.jobs = 2

const get = (path: string, ...headers: string[]): string[] => [
  `GET ${path} HTTP/1.1`,
  'Host: pod',
  ...headers,
]
const post = (path: string, ...headers: string[]): string[] => [
  `POST ${path} HTTP/1.1`,
  'Host: localhost',
  ...headers,
]

t.test('probes are answered on any address and without a token, whatever else is asked for', async (t) => {
  const { ask, shutdown, warnings } = await serveAdmin(t, { admin: { host: '0.0.0.0', token } })
  t.match(await ask(get('/livez')), { status: 200, body: '{"status":"ok","phase":"starting"}' })
  t.match(await ask(get('/readyz')), { status: 503, body: '{"status":"unavailable","phase":"starting"}' })
  t.strictSame(warnings, [])
  shutdown.ready()
  const answer = await ask(get('/readyz?verbose'))
  t.match(answer, { status: 200, body: '{"status":"ok","phase":"running"}' })
  t.match(answer.headers, { connection: 'close', 'cache-control': 'no-store' })
})

t.test('everything else is refused with a few words of JSON', async (t) => {
  const { ask } = await serveAdmin(t)
  for (const [lines, status, allow] of [
    [get('/'), 404],
    [get('/drain/'), 404],
    [post('/LIVEZ'), 404],
    [get('/livez/../drain'), 404],
    [post('/livez'), 405, 'GET, HEAD'],
    [post('/readyz'), 405, 'GET, HEAD'],
    [['DELETE /drain HTTP/1.1', 'Host: localhost'], 405, 'POST, GET'],
    [['OPTIONS * HTTP/1.1', 'Host: localhost'], 404],
    [post('/drain', 'Content-Length: 2'), 413],
    [post('/drain', 'Transfer-Encoding: chunked'), 413],
    [post('/drain', 'Content-Length: 2', 'Expect: 100-continue'), 413],
    [get('/livez', 'Content-Length: 2'), 413],
  ] as const) {
    const answer = await ask(lines)
    t.equal(answer.status, status, lines[0])
    t.equal(answer.headers['allow'], allow)
    t.match(JSON.parse(answer.body), { statusCode: status, error: String, message: String })
  }
})

t.test('who sends a body all the same gets the answer whole, and no reset', async (t) => {
  // in a process of its own: within one loop the client would always read first
  const app = await startStepped(t)
  for (let count = 0; count < 5; count += 1) {
    const client = await app.connect()
    client.send('/drain', { body: 'x'.repeat(8_000_000) })
    t.equal((await client.next()).status, 413)
    t.equal(await client.gone, undefined)
  }
})

t.test('a body is never kept: whoever goes on sending is let go', async (t) => {
  const { connect } = await serveAdmin(t)
  const client = await connect()
  client.socket.write('POST /drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n')
  const piece = Buffer.alloc(1_024)
  const sending = setInterval(() => client.socket.write(piece), 10)
  t.teardown(() => clearInterval(sending))
  t.equal((await client.next()).status, 413)
  t.equal(await client.over, 'FIN')
  // a control that never ended would run into the timeout of this file
  await client.gone
})

t.test('a request has five seconds to arrive, and so has its first byte', async (t) => {
  const { connect } = await serveAdmin(t)
  const [silent, slow] = [await connect(), await connect()]
  slow.socket.write('POST /drain HTTP/1.1\r\nHost: loc')
  t.strictSame(await Promise.all([silent.over, slow.over]), ['FIN', 'FIN'])
  t.match(slow.text, /^HTTP\/1\.1 408 /)
})

t.test('a head that is too long is refused', async (t) => {
  const { ask, shutdown } = await serveAdmin(t)
  t.equal((await ask(post('/drain', `X: ${'x'.repeat(9_000)}`))).status, 431)
  t.equal(shutdown.phase, 'starting')
})

t.test('there are 64 connections at most, and room again when one has gone', async (t) => {
  const { ask, connect } = await serveAdmin(t)
  const clients = await Promise.all(Array.from({ length: 64 }, () => connect()))
  const extra = await connect()
  t.equal(await extra.over, 'FIN')
  t.equal(extra.text, '')
  clients[63]?.send('/livez')
  t.match(await clients[63]?.next(), { status: 200 })
  await clients[63]?.gone
  let status: number | undefined
  // the server may learn of it a little later
  while (status === undefined) status = (await ask(get('/livez')).catch(() => undefined))?.status
  t.equal(status, 200)
})

t.test('what is pipelined behind an answer is nobody asked for', async (t) => {
  const { connect, shutdown } = await serveAdmin(t)
  const client = await connect()
  client.send('/livez')
  client.send('/drain', { method: 'POST' })
  t.equal((await client.next()).status, 200)
  t.equal(await client.over, 'FIN')
  t.equal(shutdown.phase, 'starting')
})

t.test('bytes of any kind neither end it nor drain', async (t) => {
  const { ask, connect, shutdown } = await serveAdmin(t, { admin: { token } })
  const word = fc.constantFrom(
    ...['GET ', 'POST ', '/drain', '/livez', ' HTTP/1.1', '\r\n', '\r\n\r\n', 'Host: pod', ': '],
    ...['Content-Length: 3', 'Transfer-Encoding: chunked', 'Authorization: Bearer ', 'Connection: upgrade'],
    ...[
      'Upgrade: h2c',
      '0\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'CONNECT pod:80',
      '\0',
      'Expect: 100-continue',
    ],
  )
  const junk = fc.oneof(
    fc.array(word, { maxLength: 20 }).map((words) => Buffer.from(words.join(''))),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  )
  await fc.assert(
    fc.asyncProperty(junk, async (bytes) => {
      const client = await connect()
      client.socket.end(bytes)
      await client.gone
      return shutdown.phase === 'starting'
    }),
    { numRuns: 300 },
  )
  t.equal((await ask(get('/livez'))).status, 200)
})

t.test('wrong options are refused with a code, and a token is not shown', async (t) => {
  const { shutdown } = separate()
  const make = (options: object) => createAdminServer(shutdown, options as { port: number })
  for (const [options, message] of [
    [undefined, /'options' must be an object/],
    [{}, /'port' must be a whole number from 0 to 65535, not undefined/],
    [{ port: '9090' }, /'port' must be .* not '9090'/],
    [{ port: 65_536 }, /'port' must be/],
    [{ port: 0, host: '' }, /'host' must be/],
    [{ port: 0, hosts: '::' }, /'hosts' must be one of: port, host, token/],
    [{ port: 0, token: 'sesame' }, /'token' must have 16 to 1024 characters, not 6$/],
    [{ port: 0, token: '' }, /'token' must have 16 to 1024 characters, not 0$/],
    [{ port: 0, token: 'x'.repeat(1_025) }, /'token' must have 16 to 1024 characters, not 1025$/],
    [{ port: 0, token: `${token}\n` }, /'token' must be printable ASCII .* a line break at its end\?$/],
    [{ port: 0, token: 7 }, /'token' must be a string$/],
  ] as const) {
    await t.rejects(make(options as object), { code: 'ERR_LASTCALL_OPTION', message })
  }
  await t.rejects(createAdminServer({} as never, { port: 0 }), { code: 'ERR_LASTCALL_NOT_A_SHUTDOWN' })
  t.equal(shutdown.phase, 'starting')
})

t.test('a port that is taken is an error at the start, of the process too', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { port } = other.address() as AddressInfo
  await t.rejects(createAdminServer(separate().shutdown, { port }), {
    code: 'ERR_LASTCALL_LISTEN',
    message: `The admin server cannot listen on 127.0.0.1:${port}: somebody else listens there`,
    cause: { code: 'EADDRINUSE' },
  })
  const program = startProgram(t, [
    new URL('fixtures/admin.js', import.meta.url).pathname,
    JSON.stringify({ admin: { port } }),
  ])
  const { code, stderr } = await program.ended
  t.equal(code, 1)
  t.match(stderr, 'ERR_LASTCALL_LISTEN')
})

t.test('workers of a cluster do not share a port: one would answer for another', async (t) => {
  const program = startProgram(t, [new URL('fixtures/admin-cluster.js', import.meta.url).pathname])
  t.match(await program.ended, { code: 0, stdout: 'listening\nERR_LASTCALL_LISTEN\n' })
})

t.test('an address that is not there is an error at the start', async (t) => {
  await t.rejects(createAdminServer(separate().shutdown, { port: 0, host: '192.0.2.1' }), {
    code: 'ERR_LASTCALL_LISTEN',
    message: 'The admin server cannot listen on 192.0.2.1:0: this machine has no such address',
  })
})

t.test('it is refused once the shutdown is over', async (t) => {
  const { shutdown } = separate()
  await shutdown.begin('the test')
  await t.rejects(createAdminServer(shutdown, { port: 0 }), { code: 'ERR_LASTCALL_TOO_LATE' })
})

t.test('one that others can reach says at the start who may drain', async (t) => {
  const open = await serveAdmin(t, { admin: { host: '0.0.0.0' } })
  t.strictSame(open.warnings, [
    'no token is set: the probes answer everyone, /drain only clients on this machine',
  ])
  t.strictSame((await serveAdmin(t)).warnings, [])
})

t.test('an app that serves nothing else takes no lame duck for it, and is not ready by it', async (t) => {
  const { ask, connect, shutdown } = await serveAdmin(t, { options: { lameDuck: { minMs: 1 } } })
  t.equal(shutdown.phase, 'starting')
  shutdown.ready()
  // neither a connection nor a request counts
  await connect()
  await ask(get('/readyz'))
  const [first, second] = (await shutdown.begin('the test')).phases
  t.match(first, { ended: 'skipped: nothing serves', requests: 0, inFlight: 0, connections: 0 })
  t.match(second, { ended: 'skipped: nothing serves' })
})

t.test('what it is asked for does not keep a lame duck going', async (t) => {
  const lameDuck = { minMs: 50, quietMs: 1_000, maxMs: 6_000 }
  const served = await serve(t, (_req, res) => void res.end('hello'), { options: { lameDuck } })
  const admin = await createAdminServer(served.shutdown, { port: 0 })
  t.teardown(() => admin.close())
  const report = served.shutdown.begin('the test')
  let asked = 0
  while (served.shutdown.phase === 'lame-duck') {
    const client = await connectRaw(admin.port)
    client.send('/metrics')
    await client.next()
    client.socket.destroy()
    asked += 1
  }
  t.ok(asked > 2, `${asked} requests`)
  t.match((await report).phases[0], { ended: 'quiet', requests: 0, connections: 0 })

  // the control: requests to the app do
  const busy = await serve(t, (_req, res) => void res.end('hello'), {
    options: { lameDuck: { ...lameDuck, maxMs: 2_500 } },
  })
  const began = busy.shutdown.begin('the test')
  while (busy.shutdown.phase === 'lame-duck') {
    const client = await busy.connect()
    client.send('/metrics')
    await client.next().catch(() => undefined)
    client.socket.destroy()
  }
  t.match((await began).phases[0], { ended: 'its maximum' })
})

t.test('it does not keep a process alive', async (t) => {
  const program = startProgram(t, [new URL('fixtures/admin-only.js', import.meta.url).pathname])
  t.match(await program.ended, { code: 0, signal: null, stdout: 'listening\n' })
})

t.test('in releasing it is the only one that listens, and answers until all is released', async (t) => {
  const { handler } = inHand()
  const served = await serve(t, handler, { options: { lameDuck: false, lastCall: false } })
  const admin = await createAdminServer(served.shutdown, { port: 0 })
  let release = (): void => {}
  served.shutdown.register('pool', () => new Promise<void>((resolve) => (release = resolve)))
  const report = served.shutdown.begin('the test')
  await served.phase('releasing')
  await t.rejects(connectRaw(served.port), { code: 'ECONNREFUSED' })
  const [live, idle] = [await connectRaw(admin.port), await connectRaw(admin.port)]
  live.send('/livez')
  t.match(await live.next(), { status: 200, body: '{"status":"ok","phase":"releasing"}' })
  const ready = await connectRaw(admin.port)
  ready.send('/readyz')
  t.match(await ready.next(), { status: 503 })
  release()
  await report
  // who says nothing is not waited for
  await idle.gone
  await t.rejects(connectRaw(admin.port), { code: 'ECONNREFUSED' })
})

t.test('it outlasts the resources that all instances share', async (t) => {
  const { shutdown, registry } = separate()
  const shared = separate(registry, {}, true).shutdown
  let release = (): void => {}
  const releasing = new Promise<void>((reached) =>
    shared.register('pool', () => {
      reached()
      return new Promise<void>((resolve) => (release = resolve))
    }),
  )
  const admin = await createAdminServer(shutdown, { port: 0 })
  const reports = [shutdown.begin('the test', { exit: true }), shared.begin('the test')]
  await releasing
  await reports[0]
  const client = await connectRaw(admin.port)
  client.send('/livez')
  t.match(await client.next(), { status: 200, body: '{"status":"ok","phase":"stopped"}' })
  release()
  await Promise.all(reports)
  await admin.close()
  await t.rejects(connectRaw(admin.port), { code: 'ECONNREFUSED' })
})

t.test('it can be closed before its time, more than once', async (t) => {
  const { admin, shutdown } = await serveAdmin(t)
  const idle = await connectRaw(admin.port)
  await Promise.all([admin.close(), admin.close()])
  await idle.gone
  await t.rejects(connectRaw(admin.port), { code: 'ECONNREFUSED' })
  t.match(await shutdown.begin('the test'), { verdict: 'clean' })
})

t.test('/drain of a real app: its requests are served, its listener closes, SIGTERM ends it', async (t) => {
  const app = await startApp(t, {
    admin: {},
    options: { gracePeriodMs: 10_000, lameDuck: { minMs: 1_000, quietMs: 50 } },
  })
  const adminPort = Number((await app.line('admin ')).split(' ')[1])
  const busy = await app.connect()
  busy.send('/wait')
  await app.line('handling /wait')
  const hook = await connectRaw(adminPort)
  hook.send('/drain', { method: 'POST' })
  await app.line('lame-duck')
  const other = await app.connect()
  other.send('/')
  t.match(await other.next(), { status: 200, body: 'hello' })
  await app.line('draining')
  await t.rejects(app.connect(), { code: 'ECONNREFUSED' })
  app.signal('SIGUSR2')
  t.match(await busy.next(), { status: 200, body: 'waited', headers: { connection: 'close' } })
  t.match(JSON.parse((await hook.next()).body), {
    verdict: 'clean',
    reports: [{ cut: { count: 0 }, refused: 0 }],
  })
  await app.line('waiting for the signal')
  app.signal('SIGTERM')
  t.equal((await app.ended).code, 0)
})
