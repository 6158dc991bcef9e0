import { once } from 'node:events'
import t from 'tap'
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
}
