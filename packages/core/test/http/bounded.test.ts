import { connect, type Socket } from 'node:net'
import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp, type AppSettings } from './app.js'

t.jobs = 3

const tls = createCertificate()
const settings: AppSettings = {
  options: { gracePeriodMs: 20_000, lameDuck: false, lastCall: { maxMs: 1_200, idleMs: 300 } },
}

/** Connects without a word, and says when the server has ended it. */
async function say(
  t: Test,
  port: number,
  first: string | Buffer,
): Promise<{ socket: Socket; gone: Promise<unknown> }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => socket.destroy())
  socket.on('error', () => {}).resume()
  await new Promise((resolve) => socket.once('connect', resolve))
  if (first.length > 0) socket.write(first)
  return { socket, gone: new Promise((resolve) => socket.once('end', resolve).once('close', resolve)) }
}

/** What a TLS client says first, cut in the middle: type 22, version 3.1, 512 bytes announced. */
const halfHello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])

for (const [who, given, first] of [
  ['a client that never sends a byte', {}, ''],
  ['a client that sends half of the head of a request', {}, 'GET / HTTP/1.1\r\nHost: local'],
  ['a client that never sends a byte where TLS is spoken', { tls }, ''],
  ['a client in the middle of its TLS handshake', { tls }, halfHello],
] as const) {
  t.test(`${who} does not hold up the shutdown`, async (t) => {
    const app = await startApp(t, { ...settings, ...given })
    const { gone } = await say(t, app.port, first)
    app.signal('SIGTERM')
    await gone
    const { code, tookMs } = await app.ended
    t.equal(code, 0)
    t.ok(tookMs < 3_000, `took ${tookMs} ms`)
    t.equal((await app.report()).verdict, 'clean')
  })
}

t.test('control: with server.close() a client that never sends a byte does', async (t) => {
  const app = await startApp(t, { plain: 'close' })
  const { socket } = await say(t, app.port, '')
  const asked = await app.connect()
  asked.send('/')
  await asked.next()
  asked.socket.destroy()
  app.signal('SIGTERM')
  await app.line('closing')
  // the process is there for as long as the client wants
  t.equal(app.child.exitCode, null)
  socket.destroy()
  await app.line('closed')
  t.equal((await app.ended).code, 0)
})

t.test('an upgraded socket that nobody owns does not hold up the shutdown', async (t) => {
  const app = await startApp(t, settings)
  const upgraded = await app.connect({ allowHalfOpen: true })
  upgraded.send('/', { headers: ['Connection: Upgrade', 'Upgrade: echo'] })
  t.equal((await upgraded.next()).status, 101)
  app.signal('SIGTERM')
  await app.line('last-call')
  upgraded.socket.write('still there?')
  await app.line('draining')
  t.equal(await upgraded.over, 'FIN')
  t.match(upgraded.text, /still there\?$/)
  const { code, tookMs } = await app.ended
  t.equal(code, 0)
  t.ok(tookMs < 3_000, `took ${tookMs} ms`)
  t.equal((await app.report()).verdict, 'clean')
})

t.test('a crowd of silent connections is gone after last call, each at its own moment', async (t) => {
  const app = await startApp(t, settings)
  const silent = await Promise.all(Array.from({ length: 50 }, () => app.connect()))
  const client = await app.connect()
  client.send('/')
  await client.next()
  app.signal('SIGTERM')
  t.strictSame(new Set(await Promise.all(silent.map(({ over }) => over))), new Set(['FIN']))
  const report = await app.report()
  t.match(report.connections, { idle: 51, ended: 0, left: 0 })
  t.match(report.phases[1], { phase: 'last-call', ended: 'everyone was told' })
})
