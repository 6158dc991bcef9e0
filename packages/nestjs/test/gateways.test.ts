import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

const options = { gracePeriodMs: 10_000, lameDuck: { minMs: 300, quietMs: 100 } }

for (const { title, args } of versions) {
  for (const { control, webSockets, code } of [
    { control: false, webSockets: undefined, code: 1012 },
    { control: false, webSockets: { code: 4_000 }, code: 4_000 },
    { control: true, webSockets: undefined, code: 1006 },
  ]) {
    t.test(`${title}${control ? ', control' : ''}: the clients of a gateway see ${code}`, async (t) => {
      const settings = { control, options: webSockets ? { ...options, webSockets } : options }
      const program = startFixture(t, 'gateway', settings, args)
      const socket = new WebSocket(`ws://127.0.0.1:${await program.port()}/feed`)
      await once(socket, 'open')
      program.signal('SIGTERM')
      if (!control) {
        await program.line('"phase":"lame-duck"')
        socket.send(JSON.stringify({ event: 'ping' }))
        const [message] = (await once(socket, 'message')) as [Buffer]
        t.strictSame(JSON.parse(message.toString()), { event: 'pong', data: 'still here' })
      }
      const [seen] = (await once(socket, 'close')) as [number]
      t.equal(seen, code)
      const { report } = await program.ended
      if (!control) t.match(report, { verdict: 'clean' })
    })
  }

  for (const transport of ['websocket', 'polling']) {
    t.test(`${title}: a client of socket.io by ${transport} is let go, and would come back`, async (t) => {
      const program = startFixture(t, 'gateway', { socketIo: true, options }, args)
      const client = connect(t, await program.port(), transport)
      await connected(client)
      program.signal('SIGTERM')
      // not 'io server disconnect', after which a client stays away
      t.equal(await new Promise((resolve) => client.once('disconnect', resolve)), 'transport close')
      const { report, code } = await program.ended
      t.match(report, { verdict: 'clean', cut: { count: 0 } })
      t.equal(code, 0)
    })
  }

  t.test(`${title}, control: left to Nest a long poll is in flight until it is cut`, async (t) => {
    const alone = { gracePeriodMs: 3_000, lameDuck: false, lastCall: false, webSockets: false }
    const program = startFixture(t, 'gateway', { socketIo: true, options: alone }, args)
    await connected(connect(t, await program.port(), 'polling'))
    // the first one brought what it is connected by
    await program.line('poll 2')
    program.signal('SIGTERM')
    t.match((await program.ended).report, { verdict: 'forced', cut: { count: 1 } })
  })
}

function connect(t: Test, port: number, transport: string): Socket {
  const client = io(`http://127.0.0.1:${port}`, {
    path: '/feed',
    transports: [transport],
    reconnection: false,
  })
  t.teardown(() => client.disconnect())
  return client
}

const connected = (client: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    client.once('connect', resolve)
    client.once('connect_error', reject)
  })
