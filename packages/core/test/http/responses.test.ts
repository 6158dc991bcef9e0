import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { inHand, serve, type ServeOptions } from './serve.js'

t.jobs = 2

// the moment of every connection comes at once
const told: ServeOptions = {
  options: { gracePeriodMs: 5_000, lameDuck: false, lastCall: { maxMs: 1_500, idleMs: 700 } },
  drain: { random: () => 0 },
}

/** In last call: an answer without a body has to end where the client expects it to, whatever else is said in its head. */
for (const [what, { method = 'GET', status }] of Object.entries({
  'to HEAD': { method: 'HEAD', status: 200 },
  '204': { status: 204 },
  '304': { status: 304 },
})) {
  t.test(`an answer without a body is told like any other: ${what}`, async (t) => {
    const { handler, next } = inHand()
    const served = await serve(t, handler, told)
    const client = await served.connect()
    client.send('/', { method })
    const { res } = await next()
    const report = served.shutdown.begin('the test')
    await served.listenerClosed()
    res.writeHead(status, status === 200 ? { 'Content-Length': 5 } : {})
    res.end(method === 'HEAD' ? '' : undefined)
    t.equal(await client.over, 'FIN')
    const [head = '', body] = client.text.split('\r\n\r\n')
    t.match(head, new RegExp(`^HTTP/1.1 ${status} `))
    t.match(head, /^connection: close$/im)
    t.equal(body, '')
    t.match(await report, { verdict: 'clean', connections: { told: 1 } })
  })
}

t.test('a tunnel that was opened by CONNECT is nobody’s request, and a new one is refused', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, { options: { lameDuck: false, lastCall: false } })
  const tunnels: string[] = []
  served.server.on('connect', ({ url = '' }, socket) => {
    tunnels.push(url)
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 Connected\r\n\r\n')
    socket.pipe(socket)
  })
  const [tunnel, late, busy] = [await served.connect(), await served.connect(), await served.connect()]
  tunnel.send('one.example:443', { method: 'CONNECT' })
  await new Promise((resolve) => tunnel.socket.once('data', resolve))
  busy.send('/')
  const { res } = await next()
  late.socket.write('CONNECT two.example:443 HTTP/1.1\r\n')
  await new Promise((resolve) => setImmediate(resolve))
  const report = served.close()
  await served.phase('draining')
  late.socket.write('Host: two.example\r\n\r\n')
  t.match(await late.next(), { status: 503, headers: { connection: 'close' } })
  const echoed = new Promise((resolve) => tunnel.socket.once('data', (data) => resolve(String(data))))
  tunnel.socket.write('through the tunnel')
  t.equal(await echoed, 'through the tunnel')
  res.end('done')
  t.match(await busy.next(), { body: 'done' })
  t.match(await report, { verdict: 'clean', refused: 1 })
  t.strictSame(tunnels, ['one.example:443'])
})

t.test('a server on a unix socket is drained like any other', async (t) => {
  const { handler, next } = inHand()
  const directory = await mkdtemp(join(tmpdir(), 'lastcall-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const path = join(directory, 'app.sock')
  const served = await serve(t, handler, { ...told, listen: path })
  const busy = await served.connect({ path })
  const idle = await served.connect({ path })
  busy.send('/')
  const { res } = await next()
  const report = served.shutdown.begin('the test')
  await served.listenerClosed()
  const refused = connect(path)
  t.match(await new Promise((resolve) => refused.once('error', resolve)), { syscall: 'connect' })
  res.end('done')
  t.match(await busy.next(), { status: 200, body: 'done', headers: { connection: 'close' } })
  t.equal(await idle.over, 'FIN')
  t.match(await report, { verdict: 'clean', connections: { told: 1, idle: 1 } })
})
