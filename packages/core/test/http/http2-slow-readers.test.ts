import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp, type AppSettings } from './app.js'
import { serveSessions, streamsInHand } from './serve-sessions.js'

t.jobs = 2

const bodyLength = 24 * 1024 * 1024
const tls = createCertificate()

/** Asks for 24 MB with its windows wide open, and reads nothing before the app was told to stop. */
async function readSlowly(t: Test, settings: AppSettings, afterLine: string) {
  const app = await startApp(t, { http2: true, ...settings })
  const client = await app.frames()
  await client.next('SETTINGS')
  client.socket.pause()
  const id = client.ask('/big')
  await app.line('handling /big')
  app.signal('SIGTERM')
  await app.line(afterLine)
  client.socket.resume()
  await new Promise((resolve) => client.socket.once('close', resolve))
  const data = client.frames.filter(({ type, stream }) => type === 'DATA' && stream === id)
  return {
    received: data.reduce((sum, { length }) => sum + length, 0),
    ended: data.some(({ flags }) => (flags & 1) === 1),
    code: (await app.ended).code,
  }
}

for (const [scheme, secure] of [
  ['h2c', {}],
  ['TLS', { tls }],
] as const) {
  const options = { gracePeriodMs: 30_000, lameDuck: false, lastCall: { maxMs: 200 } } as const

  t.test(
    `a response that was ended before the signal arrives whole at a slow reader, over ${scheme}`,
    async (t) => {
      const whole = { received: bodyLength, ended: true, code: 0 }
      t.strictSame(await readSlowly(t, { options, ...secure }, 'draining'), whole)
    },
  )

  t.test(`the process waits for it, over ${scheme}`, async (t) => {
    const app = await startApp(t, { http2: true, options: { ...options, gracePeriodMs: 5_000 }, ...secure })
    const client = await app.frames()
    client.socket.pause()
    client.ask('/big')
    await app.line('handling /big')
    app.signal('SIGTERM')
    t.match((await app.report()).phases[2], { phase: 'draining', ended: 'its deadline' })
  })
}

t.test('control: destroying its session truncates it', async (t) => {
  const hand = streamsInHand()
  const served = await serveSessions(t, { request: hand.request })
  const client = await served.frames()
  client.socket.pause()
  client.ask('/')
  const res = await hand.nextResponse()
  res.end(Buffer.alloc(bodyLength))
  const gone = new Promise((resolve) => client.socket.once('close', resolve))
  await new Promise((resolve) => setImmediate(resolve))
  for (const session of served.sessions) session.destroy()
  client.socket.resume()
  await gone
  const received = client.frames.reduce((sum, { type, length }) => sum + (type === 'DATA' ? length : 0), 0)
  t.ok(received < bodyLength, `${received} of ${bodyLength} bytes`)
})
