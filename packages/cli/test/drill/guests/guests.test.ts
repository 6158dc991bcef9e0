import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { WebSocketServer } from 'ws'
import { openEventStream } from '#src/drill/guests/event-stream.js'
import { startGuests } from '#src/drill/guests/guests.js'
import type { Departure, Guest } from '#src/drill/guests/guests.js'
import { openWebSocket } from '#src/drill/guests/websocket.js'
import type { Target } from '#src/drill/target.js'

async function listen(t: Test, server: Server): Promise<Target> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // a TCP server
  return { name: `port ${port}`, host: '127.0.0.1', port }
}

t.test('a WebSocket tells how it was closed', async (t) => {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  const target = await listen(t, server)
  for (const [code, ended] of [
    [1000, { manner: 'told', how: 'close code 1000' }],
    [1001, { manner: 'told', how: 'close code 1001' }],
    [1012, { manner: 'told', how: 'close code 1012' }],
    [1011, { manner: 'unclear', how: 'close code 1011' }],
    [undefined, { manner: 'cut', how: 'no close frame (1006)' }],
  ] as const) {
    const guest = await openWebSocket(target, { path: '/' })
    for (const socket of sockets.clients) {
      if (code === undefined) socket.terminate()
      else socket.close(code)
    }
    t.strictSame(await guest.ended, ended)
  }
})

t.test('a WebSocket that is not let in rejects, and headers are sent with it', async (t) => {
  const server = createServer()
  const sockets = new WebSocketServer({
    server,
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers['x-tenant'] === 'beans',
  })
  const target = await listen(t, server)
  await t.rejects(openWebSocket(target, { path: '/' }), { message: /401/ })
  const guest = await openWebSocket(target, { path: '/', headers: { 'x-tenant': 'beans' } })
  guest.leave()
  await guest.ended
  sockets.close()
})

t.test('an event stream tells whether it was ended or cut', async (t) => {
  let response: ServerResponse | undefined
  const server = createServer((request, opened) => {
    response = opened
    if (request.headers.accept === 'text/event-stream') opened.write('data: hello\n\n')
    else opened.writeHead(406).end()
  })
  const target = await listen(t, server)
  const ended = await openEventStream(target, { path: '/' })
  response?.end()
  t.strictSame(await ended.ended, { manner: 'told', how: 'ended' })
  const cut = await openEventStream(target, { path: '/' })
  response?.destroy()
  t.strictSame(await cut.ended, { manner: 'cut', how: 'cut off before its last chunk' })
  await t.rejects(openEventStream(target, { path: '/', headers: { accept: 'text/html' } }), {
    message: 'it answers 406',
  })
})

t.test('guests spread out, and go to whoever is ready when they are sent away', async (t) => {
  const [left, right] = ['left', 'right'].map((name) => ({ name, host: '', port: 0 })) as [Target, Target]
  let candidates = [left, right]
  const seated: { target: Target; send: () => void }[] = []
  let arrived = (): void => {}
  const departures: Departure[] = []
  const guests = startGuests({
    kind: 'webSocket',
    count: 4,
    candidates: () => candidates,
    async open(target): Promise<Guest> {
      const ended = new Promise<Awaited<Guest['ended']>>((resolve) => {
        seated.push({ target, send: () => resolve({ manner: 'told', how: 'politely' }) })
      })
      arrived()
      return { ended, leave() {} }
    },
    onDeparture: (departure) => departures.push(departure),
  })
  await guests.arrived
  const names = (): readonly string[] => seated.map(({ target }) => target.name).toSorted()
  t.strictSame(names(), ['left', 'left', 'right', 'right'])
  candidates = [right]
  const back = new Promise<void>((resolve) => {
    arrived = () => void (seated.length === 6 && resolve())
  })
  for (const { target, send } of seated) if (target === left) send()
  await back
  t.strictSame(names().slice(2), ['right', 'right', 'right', 'right'])
  t.match(departures, [
    { target: left, manner: 'told', how: 'politely' },
    { target: left, manner: 'told', how: 'politely' },
  ])
  guests.stop()
})

t.test('who is not let in the first time rejects', async (t) => {
  const guests = startGuests({
    kind: 'webSocket',
    count: 1,
    candidates: () => [{ name: 'closed', host: '', port: 0 }],
    open: () => Promise.reject(new Error('not today')),
    onDeparture() {},
  })
  await t.rejects(guests.arrived, { message: 'not today' })
  guests.stop()
})
