import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import type { Test } from 'tap'
import type { Target } from '#src/drill/target.js'
import type { Exchange } from '#src/drill/traffic/client.js'
import type { ClientGroup } from '#src/drill/traffic/crowd.js'
import { startTraffic } from '#src/drill/traffic/traffic.js'
import type { TrafficOptions } from '#src/drill/traffic/traffic.js'

const routes = { get: '/latest', post: '/orders' }
const sticky: ClientGroup = { count: 1, thinkMs: [0, 1], keeps: 'until-closed', sends: 'orders' }

interface App {
  readonly target: Target
  readonly urls: string[]
  /** The client ports that sent a request. */
  readonly ports: Set<number | undefined>
}

async function serve(
  t: Test,
  listener: RequestListener = (_request, response) => void response.end(),
): Promise<App> {
  const urls: string[] = []
  const ports = new Set<number | undefined>()
  const server = createServer((request, response) => {
    urls.push(`${request.method} ${request.url}`)
    ports.add(request.socket.remotePort)
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo // a TCP server
  return { target: { name: `port ${port}`, host: '127.0.0.1', port }, urls, ports }
}

/** Runs traffic until `enough` says so. */
async function drive(options: TrafficOptions, enough: (seen: readonly Exchange[]) => boolean) {
  const seen: Exchange[] = []
  let finish = (): void => {}
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const traffic = startTraffic({
    ...options,
    onExchange(exchange) {
      seen.push(exchange)
      if (enough(seen)) finish()
    },
  })
  await finished
  return { tally: await traffic.stop(), seen, ledger: traffic.ledger }
}

t.test('every request is counted once, and what was answered is in the ledger', async (t) => {
  const { target, urls } = await serve(t)
  const { tally, seen, ledger } = await drive(
    { targets: [target], routes, crowd: [sticky] },
    ({ length }) => length >= 200,
  )
  t.equal(tally.requests, urls.length)
  t.equal(tally.requests, seen.length)
  t.equal(tally.lost, 0)
  t.equal(tally.posts, urls.filter((url) => url === 'POST /orders').length)
  t.ok(tally.posts > 30 && tally.gets > 100, `${tally.posts} POST, ${tally.gets} GET`)
  t.equal(ledger.compare([]).missing.length, tally.posts)
})

t.test('the same seed sends the same requests', async (t) => {
  const record = async (seed: number): Promise<readonly string[]> => {
    const { target, urls } = await serve(t)
    await drive({ targets: [target], routes, crowd: [sticky], seed }, ({ length }) => length >= 50)
    return urls.slice(0, 50)
  }
  const first = await record(5)
  t.strictSame(await record(5), first)
  t.notSame(await record(6), first)
})

t.test(
  'a client that stays until closed keeps its connection although the instance is not ready',
  async (t) => {
    const [left, right] = [await serve(t), await serve(t)]
    const targets = [left.target, right.target]
    let ready: readonly Target[] = [left.target]
    await drive(
      { targets, routes, crowd: [sticky], isReady: (target) => ready.includes(target) },
      ({ length }) => {
        if (length === 10) ready = [right.target]
        return length >= 30
      },
    )
    t.ok(left.urls.length >= 30)
    t.equal(left.ports.size, 1)
    t.equal(right.urls.length, 0)
  },
)

t.test('told to close, it goes to a ready instance with its next request, and nothing is lost', async (t) => {
  let told = false
  const left = await serve(t, (_request, response) => {
    if (told) response.setHeader('connection', 'close')
    response.end()
  })
  const right = await serve(t)
  let ready: readonly Target[] = [left.target]
  const { tally, seen } = await drive(
    {
      targets: [left.target, right.target],
      routes,
      crowd: [sticky],
      isReady: (target) => ready.includes(target),
    },
    ({ length }) => {
      if (length === 10) {
        ready = [right.target]
        told = true
      }
      return length >= 30
    },
  )
  t.equal(tally.lost, 0)
  t.equal(left.urls.length, 11)
  t.ok(seen[10]?.told)
})

t.test('a client of a balancer leaves when the instance is not ready any more', async (t) => {
  const [left, right] = [await serve(t), await serve(t)]
  let ready: readonly Target[] = [left.target]
  await drive(
    {
      targets: [left.target, right.target],
      routes,
      crowd: [{ ...sticky, keeps: 'while-ready' }],
      isReady: (target) => ready.includes(target),
    },
    ({ length }) => {
      if (length === 10) ready = [right.target]
      return length >= 30
    },
  )
  t.equal(left.urls.length, 10)
  t.equal(right.ports.size, 1)
})

t.test('a client of one request at a time opens a connection for each', async (t) => {
  const { target, urls, ports } = await serve(t)
  await drive(
    { targets: [target], routes, crowd: [{ ...sticky, keeps: 'one-request' }] },
    ({ length }) => length >= 20,
  )
  t.equal(ports.size, urls.length)
})

t.test('when nobody is ready, requests are sent all the same, so that their loss is counted', async (t) => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo // a TCP server
  closed.close()
  await once(closed, 'close')
  const { tally } = await drive(
    {
      targets: [{ name: 'gone', host: '127.0.0.1', port }],
      routes,
      crowd: [sticky],
      isReady: () => false,
    },
    ({ length }) => length >= 5,
  )
  t.equal(tally.outcomes.refused, tally.requests)
})

t.test('a refused connection is opened elsewhere when that is allowed, and is not lost', async (t) => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo // a TCP server
  closed.close()
  await once(closed, 'close')
  const gone = { name: 'gone', host: '127.0.0.1', port }
  const { target } = await serve(t)
  let candidates = [gone]
  const refused: string[] = []
  const { tally } = await drive(
    {
      targets: [gone, target],
      routes,
      crowd: [sticky],
      candidates: () => candidates,
      triesElsewhere({ name }) {
        refused.push(name)
        candidates = [target]
        return true
      },
    },
    ({ length }) => length >= 5,
  )
  t.ok(refused.length > 0)
  t.equal(tally.lost, 0)
  t.equal(tally.outcomes.ok, tally.requests)
})

t.test('while there is nowhere to go, clients wait and lose nothing', async (t) => {
  const { target, urls } = await serve(t)
  let asked = 0
  const { tally } = await drive(
    {
      targets: [target],
      routes,
      crowd: [sticky],
      candidates: () => (++asked > 3 ? [target] : []),
    },
    ({ length }) => length >= 1,
  )
  t.equal(tally.lost, 0)
  t.ok(urls.length > 0)
})

t.test('what is posted and the headers are those that were given', async (t) => {
  const bodies = new Set<string>()
  const { target } = await serve(t, (request, response) => {
    const { 'x-tenant': tenant } = request.headers
    void text(request).then((body) => {
      bodies.add(`${request.method} ${String(tenant)} ${body}`)
      response.end()
    })
  })
  const given = { ...routes, body: 'two beans', headers: { 'x-tenant': 'a' } }
  const { ledger } = await drive(
    { targets: [target], routes: given, crowd: [sticky] },
    ({ length }) => length >= 30,
  )
  t.strictSame([...bodies].toSorted(), ['GET a ', 'POST a two beans'])
  t.equal(ledger.compare([]).answered, 0)
})

t.test('traffic that has no path is left out', async (t) => {
  const { target, urls } = await serve(t)
  const crowd: readonly ClientGroup[] = [sticky, { ...sticky, sends: 'slow' }, { ...sticky, sends: 'large' }]
  await drive({ targets: [target], routes: { get: '/latest' }, crowd }, ({ length }) => length >= 20)
  t.strictSame(new Set(urls), new Set(['GET /latest']))
})

t.test('stopping waits for the requests in flight', async (t) => {
  let answer: (() => void) | undefined
  const { target } = await serve(t, (_request, response) => {
    answer = () => response.end()
    asked()
  })
  let asked = (): void => {}
  const inFlight = new Promise<void>((resolve) => (asked = resolve))
  const traffic = startTraffic({ targets: [target], routes, crowd: [sticky] })
  await inFlight
  const stopped = traffic.stop()
  t.equal(traffic.tally().requests, 0)
  answer?.()
  t.match(await stopped, { requests: 1, lost: 0 })
})
