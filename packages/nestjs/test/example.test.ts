import { once } from 'node:events'
import { ask, startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { example } from './example.js'

t.jobs = 2

/** Time for a database to stop on a busy machine. */
const LASTCALL_GRACE_PERIOD_MS = '20000'

for (const PLATFORM of ['express', 'fastify']) {
  t.test(
    `examples/nestjs on ${PLATFORM}: the database is open until the end, and the feed is told to come back`,
    async (t) => {
      const env = { PORT: '0', PLATFORM, LASTCALL_GRACE_PERIOD_MS }
      const program = startProgram(t, [example], { env })
      const { slow, feed } = await inFlight(t, program)
      program.signal('SIGTERM')
      await program.line('draining {')
      t.match(await slow, { status: 200, body: '{"count":"1"}' })
      t.equal(await feed, 1012)
      const { code, stdout } = await program.ended
      t.equal(code, 0)
      t.match(stdout, 'shutdown on SIGTERM clean')
    },
  )

  t.test(
    `examples/nestjs on ${PLATFORM}, control: without the module it is closed, and the feed cut off`,
    async (t) => {
      const program = startProgram(t, [example], { env: { PORT: '0', PLATFORM, CONTROL: '1' } })
      const { slow, feed } = await inFlight(t, program)
      program.signal('SIGTERM')
      t.match(await slow, { status: 500 })
      t.equal(await feed, 1006)
      // and its database removed
      t.equal((await program.ended).signal, 'SIGTERM')
    },
  )
}

/** Its feed, with what it will be closed with, and a request that takes long. Nobody asks for readiness: no lame duck. */
async function inFlight(
  t: Test,
  program: Program,
): Promise<{ readonly slow: ReturnType<typeof ask>; readonly feed: Promise<unknown> }> {
  const port = await program.port()
  const feed = new WebSocket(`ws://127.0.0.1:${port}/orders/feed`)
  t.teardown(() => feed.terminate())
  await once(feed, 'open')
  const slow = ask({ port }, '/slow?ms=4000')
  // after it
  const told = once(feed, 'message')
  const order = { id: 'one', item: 'espresso', quantity: 1 }
  await fetch(`http://127.0.0.1:${port}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  const [message] = (await told) as [Buffer]
  t.strictSame(JSON.parse(message.toString()), order)
  return { slow, feed: once(feed, 'close').then(([code]) => code as unknown) }
}
