import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { requestText } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { systemClock } from '#src/clock.js'
import { trackTraffic, type Traffic } from '#src/http/connections.js'
import { connectRaw, type RawClient } from './raw-client.js'
import { inHand } from './serve.js'

interface Tracked {
  readonly server: Server
  readonly traffic: Traffic
  connect(): Promise<RawClient>
  /** Settles when nobody is connected any more. */
  deserted(): Promise<void>
}

async function track(t: Test, listener: RequestListener, clock = systemClock): Promise<Tracked> {
  const server = createServer(listener)
  const traffic = trackTraffic(server, clock)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    server,
    traffic,
    connect: () => connectRaw((server.address() as AddressInfo).port),
    deserted: () =>
      new Promise((resolve) => {
        const look = (): void => void (traffic.connections.size > 0 ? setImmediate(look) : resolve())
        look()
      }),
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

t.test('a request is in flight from its event to the last byte of its response', async (t) => {
  const { handler, next } = inHand()
  const { traffic, connect } = await track(t, handler)
  const client = await connect()
  t.match(traffic, { requests: 0, inFlight: 0 })
  client.send('/')
  const { res } = await next()
  t.match(traffic, { requests: 1, inFlight: 1 })
  res.write('first')
  await turn()
  t.equal(traffic.inFlight, 1)
  res.end()
  t.equal(traffic.inFlight, 1, 'until it is flushed')
  await client.next()
  t.match(traffic, { requests: 1, inFlight: 0 })
})

t.test('a request that is answered in its very event is counted once', async (t) => {
  const { traffic, connect } = await track(t, (_req, res) => res.end('hello'))
  const client = await connect()
  for (let asked = 0; asked < 3; asked += 1) {
    client.send('/', { body: 'x' })
    await client.next()
  }
  t.match(traffic, { requests: 3, inFlight: 0 })
})

t.test('a client that vanishes in the middle of its request leaves nothing in flight', async (t) => {
  const { handler, next } = inHand()
  const { traffic, connect, deserted } = await track(t, handler)
  for (const vanish of ['destroy', 'resetAndDestroy', 'end'] as const) {
    const client = await connect()
    client.send('/', { method: 'POST', headers: ['Content-Length: 10'] })
    const { res } = await next()
    t.equal(traffic.inFlight, 1)
    client.socket[vanish]()
    await deserted()
    t.equal(traffic.inFlight, 0, vanish)
    res.end('nobody listens')
    await turn()
    t.equal(traffic.inFlight, 0)
  }
})

t.test('requests in a row that are aborted leave nothing in flight', async (t) => {
  const { handler, next } = inHand()
  const { traffic, connect, deserted } = await track(t, handler)
  const client = await connect()
  client.socket.write(requestText('/1').repeat(5))
  const answers = [await next(), await next(), await next(), await next(), await next()]
  t.equal(traffic.inFlight, 5)
  answers[0]?.res.end()
  await client.next()
  t.equal(traffic.inFlight, 4)
  client.socket.destroy()
  await deserted()
  t.equal(traffic.inFlight, 0)
  for (const { res } of answers.slice(1)) res.end('nobody listens')
  await turn()
  t.equal(traffic.inFlight, 0)
})

t.test('requests whose body the handler has to ask for first are counted too, once', async (t) => {
  const { handler, next } = inHand()
  const { server, traffic, connect } = await track(t, handler)
  const expecting = { method: 'POST', headers: ['Expect: 100-continue', 'Content-Length: 0'] }
  for (const answer of ['itself', 'like any other']) {
    server.removeAllListeners('checkContinue')
    server.on('checkContinue', (req, res) => {
      if (answer === 'itself') return handler(req, res)
      res.writeContinue()
      server.emit('request', req, res)
    })
    const client = await connect()
    client.send('/', expecting)
    const { res } = await next()
    t.equal(traffic.inFlight, 1, answer)
    res.end('done')
    t.equal((await client.next()).status, answer === 'itself' ? 200 : 100)
    client.socket.destroy()
  }
  t.equal(traffic.requests, 2)
})

t.test('the gap of a connection is its longest, and a tenth is forgotten with each request', async (t) => {
  let now = 0
  const { handler, next } = inHand()
  const { traffic, connect } = await track(t, handler, { ...systemClock, now: () => now })
  const client = await connect()
  const [connection] = traffic.connections
  const gaps: unknown[] = []
  for (const thinkMs of [500, 1_000, 4_000, 1_000, 10, 3_500]) {
    now += thinkMs
    client.send('/')
    const { res } = await next()
    gaps.push(connection?.gapMs)
    // the time that an answer takes is none of the client's
    now += 20_000
    res.end()
    await client.next()
  }
  t.strictSame(gaps, [0, 1_000, 4_000, 3_600, 3_240, 3_500])
})

t.test(
  'in normal service a request starts no timer, and adds one listener that is the same for all',
  async (t) => {
    let timers = 0
    const clock = {
      ...systemClock,
      after: (...args: Parameters<typeof systemClock.after>) => ((timers += 1), systemClock.after(...args)),
      turn: (callback: () => void) => ((timers += 1), systemClock.turn(callback)),
    }
    // Node's own are the same functions on every server
    const plain = await watchRequests(createServer((_req, res) => res.end('hello')))
    const server = createServer((_req, res) => res.end('hello'))
    const traffic = trackTraffic(server, clock)
    const watched = await watchRequests(server)
    const added = watched.added.filter(({ listener }) =>
      plain.added.every((own) => own.listener !== listener),
    )
    t.equal(traffic.requests, 10)
    t.equal(timers, 0)
    t.equal(added.length, 10)
    t.strictSame(new Set(added.map(({ event }) => event)), new Set(['close']))
    t.equal(new Set(added.map(({ listener }) => listener)).size, 1)
    t.strictSame(watched.shadows, plain.shadows, 'nothing is put on the response')
  },
)

t.test(
  'connections that were handed to somebody else are known, whoever takes them and whenever',
  async (t) => {
    const { server, traffic, connect } = await track(t, (_req, res) => res.end())
    for (const event of ['upgrade', 'connect'] as const) {
      const taken = new Promise<void>((resolve) => {
        server.on(event, (_req, socket) => {
          socket.on('error', () => {})
          resolve()
        })
      })
      const client = await connect()
      if (event === 'upgrade') client.send('/', { headers: ['Connection: Upgrade', 'Upgrade: echo'] })
      else client.socket.write('CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await taken
      t.equal([...traffic.connections].at(-1)?.upgraded, true, event)
      t.equal(traffic.inFlight, 0)
    }
    for (const { socket } of traffic.connections) socket.destroy()
  },
)

t.test('when nobody takes upgrades any longer they are requests like any other again', async (t) => {
  const { server, connect } = await track(t, (_req, res) => res.end('not upgraded'))
  const take = (): void => {}
  server.on('upgrade', take)
  server.off('upgrade', take)
  t.equal(server.listenerCount('upgrade'), 0)
  const client = await connect()
  client.send('/', { headers: ['Connection: Upgrade', 'Upgrade: echo'] })
  t.match(await client.next(), { status: 200, body: 'not upgraded' })
})

/** What is added to the requests that ten GETs make, and to their responses, from the first listener on. */
async function watchRequests(server: Server) {
  const added: { readonly event: string; readonly listener: unknown }[] = []
  const shadows: string[] = []
  server.prependListener('request', (req, res) => {
    const before = new Set(Object.keys(res))
    const watch = (event: string, listener: unknown): void => void added.push({ event, listener })
    req.on('newListener', watch)
    res.on('newListener', watch)
    setImmediate(() => shadows.push(...Object.keys(res).filter((key) => !before.has(key))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = await connectRaw((server.address() as AddressInfo).port)
  for (let asked = 0; asked < 10; asked += 1) {
    client.send('/')
    await client.next()
    await turn()
  }
  client.socket.destroy()
  await new Promise((resolve) => server.close(resolve))
  return { added, shadows }
}
