import { once } from 'node:events'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { fixture, startProgram, type Program } from './run-program.js'
import { ask, openSocket } from './strict-client.js'

t.jobs = 3

for (const ORDER of ['before', 'after']) {
  const start = async (t: Test): Promise<[Program, number]> => {
    const program = startProgram(t, [fixture('websockets')], { env: { ORDER } })
    return [program, await program.port()]
  }

  t.test(
    `registered ${ORDER} it: a WebSocket works until it gets a close frame, and the exit is 0`,
    async (t) => {
      const [program, port] = await start(t)
      await ask({ port }, '/readyz')
      const client = new WebSocket(`ws://127.0.0.1:${port}/echo`)
      await once(client, 'open')
      program.signal('SIGTERM')
      await program.line('"phase":"lame-duck"')
      client.send('still there?')
      t.equal(String((await once(client, 'message'))[0]), 'still there?')
      const [closeCode] = (await once(client, 'close')) as [number]
      t.equal(closeCode, 1005)
      const { code, lines, report } = await program.ended
      t.equal(code, 0)
      t.strictSame(lines, ['connected', 'onClose'])
      t.match(report, { verdict: 'clean' })
    },
  )

  t.test(`registered ${ORDER} it: a peer that never answers is not waited for`, async (t) => {
    const [program, port] = await start(t)
    const { socket, received } = await openSocket(port)
    const headers = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
    socket.write(`GET /echo HTTP/1.1\r\n${[...headers, key].join('\r\n')}\r\n\r\n`)
    await program.line('connected')
    program.signal('SIGTERM')
    const { code, lines, report } = await program.ended
    t.equal(code, 0)
    t.strictSame(lines, ['connected', 'onClose'])
    t.match(report, { verdict: 'clean' })
    t.ok((report?.tookMs ?? Infinity) < (report?.budget.guardMs ?? 0), `took ${report?.tookMs} ms`)
    // the bytes of a close frame without a code
    t.match(await received, /\r\n\r\n.*\0$/s)
  })
}
