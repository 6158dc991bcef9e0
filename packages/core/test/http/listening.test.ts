import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { drainServer } from '@lastcall/core/http'
import t from 'tap'
import { inHand, serve, type ServeOptions } from './serve.js'

t.jobs = 2

const quickly: ServeOptions = {
  options: {
    gracePeriodMs: 10_000,
    lameDuck: { minMs: 300, quietMs: 100 },
    lastCall: { maxMs: 1_000, idleMs: 200 },
  },
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )

/** 'connected', or the code of the error. */
const knock = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve('connected')
    })
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code))
  })

t.test('a server that never listens holds nothing up', async (t) => {
  const served = await serve(t, (_req, res) => res.end())
  drainServer(createServer(), served.shutdown)
  t.match(await served.close(), { verdict: 'clean' })
})

for (const phase of ['lame-duck', 'last-call', 'draining', 'releasing'] as const) {
  t.test(`a server that begins to listen in ${phase} is closed with the rest`, async (t) => {
    const { handler, next } = inHand()
    const served = await serve(t, handler, quickly)
    const late = createServer((_req, res) => res.end('late'))
    drainServer(late, served.shutdown)
    const busy = await served.connect()
    busy.send('/')
    const { res } = await next()
    const closed = new Promise((resolve) => late.once('close', resolve))
    let port = 0
    served.shutdown.register('late', {
      // the phase is over when this is
      onRelease: async () => void (phase === 'releasing' && (port = await listen(late))),
    })
    const report = served.shutdown.begin('the test')
    await served.phase(phase === 'releasing' ? 'draining' : phase)
    if (phase === 'draining') await served.listenerClosed()
    if (phase !== 'releasing') port = await listen(late)
    if (phase === 'lame-duck') t.equal(await knock(port), 'connected')
    res.end('done')
    t.match(await busy.next(), { body: 'done' })
    t.match(await report, { verdict: 'clean' })
    await closed
    t.equal(await knock(port), 'ECONNREFUSED')
  })
}

t.test('server.close() in lame duck leaves the listener to the shutdown', async (t) => {
  const served = await serve(t, (_req, res) => res.end('served'), quickly)
  const report = served.shutdown.begin('the test')
  let closed = false
  served.server.close(() => (closed = true))
  const late = await served.connect()
  late.send('/')
  t.match(await late.next(), { status: 200, body: 'served' })
  t.equal(closed, false)
  t.match(await report, { verdict: 'clean' })
  await late.gone
  t.equal(closed, true)
})

t.test('server.close() while the accept queue runs empty resets nobody', async (t) => {
  const served = await serve(t, (_req, res) => res.end('served'), {
    options: { ...quickly.options, lameDuck: false },
  })
  served.shutdown.subscribe((phase) => void (phase === 'last-call' && served.server.close()))
  // the kernel accepts them while this process does not
  const waiting = Array.from({ length: 50 }, () => served.connect())
  const report = served.shutdown.begin('the test')
  for (const client of await Promise.all(waiting)) {
    client.send('/')
    t.match(await client.next(), { status: 200 })
  }
  t.match(await report, { verdict: 'clean' })
})

t.test('control: before a shutdown server.close() stops listening at once', async (t) => {
  const served = await serve(t, (_req, res) => res.end(), quickly)
  served.server.close()
  t.equal(served.server.listening, false)
  await t.rejects(served.connect(), { code: 'ECONNREFUSED' })
})
