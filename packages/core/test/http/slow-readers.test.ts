import { connect } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp, type AppSettings } from './app.js'

t.jobs = 2

const bodyLength = 24 * 1024 * 1024
const tls = createCertificate()

/**
 * Asks for 24 MB and reads nothing before the app was told to stop; by then the handler has ended the response. The
 * number of bytes of the body that arrived.
 */
async function readSlowly(
  t: Test,
  settings: AppSettings,
): Promise<{ received: number; code: number | null }> {
  const app = await startApp(t, settings)
  const where = { port: app.port, host: '127.0.0.1', rejectUnauthorized: false }
  const socket = settings.tls ? connectSecurely(where) : connect(where)
  socket.pause()
  socket.write('GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await app.line('handling /big')
  app.signal('SIGTERM')
  await app.line(settings.plain ? 'closing' : 'draining')
  let received = 0
  let head = ''
  socket.on('data', (chunk) => {
    received += chunk.length
    if (!head.includes('\r\n\r\n')) head += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
  const headLength = head.indexOf('\r\n\r\n') + 4
  return { received: received - headLength, code: (await app.ended).code }
}

for (const [scheme, secure] of [
  ['http', {}],
  ['https', { tls }],
] as const) {
  t.test(
    `a response that was ended before the signal arrives whole at a slow reader, over ${scheme}`,
    async (t) => {
      const options = { gracePeriodMs: 30_000, lameDuck: false, lastCall: { maxMs: 200 } } as const
      t.strictSame(await readSlowly(t, { options, ...secure }), { received: bodyLength, code: 0 })
    },
  )

  t.test(`control: server.close() truncates it, over ${scheme}`, async (t) => {
    const { received } = await readSlowly(t, { plain: 'close', ...secure })
    t.ok(received < bodyLength, `${received} of ${bodyLength} bytes`)
  })
}
