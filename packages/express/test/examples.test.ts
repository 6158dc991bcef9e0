import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ask, startProgram } from '@lastcall/testing'
import t from 'tap'
import { WebSocket } from 'ws'

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/${name}/server.js`, import.meta.url))

t.test('examples/express: what needs the database in the middle of a shutdown finds it open', async (t) => {
  const program = startProgram(t, [example('express')], { env: { PORT: '0' } })
  const address = { port: await program.port() }
  t.equal((await ask(address, '/readyz')).status, 200)
  const slow = ask(address, '/slow?ms=4000')
  // sent after the slow one
  t.equal((await ask(address, '/orders')).body, '[]')
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  t.match(await slow, { status: 200, body: '{"count":"0"}' })
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
  t.strictSame(report?.participants.items.map(({ name }) => name).sort(), ['pool', 'postgres'])
})

t.test('examples/express-websocket: clients are told to come back', async (t) => {
  const program = startProgram(t, [example('express-websocket')], { env: { PORT: '0' } })
  const port = await program.port()
  const client = new WebSocket(`ws://127.0.0.1:${port}/chat`)
  t.teardown(() => client.terminate())
  await once(client, 'open')
  client.send('hello')
  const [message] = (await once(client, 'message')) as [Buffer]
  t.equal(message.toString(), 'hello')
  t.equal((await ask({ port }, '/')).body, '{"here":1}')
  program.signal('SIGTERM')
  const [closed] = (await once(client, 'close')) as [number]
  t.equal(closed, 1012)
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
})
