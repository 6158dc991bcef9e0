import { messages, openSocket, startProgram } from '@lastcall/testing'
import t from 'tap'
import { fixture } from './fixture.js'

t.jobs = 2

const ways = ['app.listen', 'two servers', 'listen first', 'sub-app', 'wrapped', 'attach', 'nothing listens']
for (const WAY of ways) {
  for (const EXPRESS of ['express', 'express4']) {
    t.test(`${WAY}, ${EXPRESS}: SIGTERM before any request exits in time, with 0`, async (t) => {
      const program = startProgram(t, [fixture('find')], {
        env: { WAY, EXPRESS, LASTCALL_GRACE_PERIOD_MS: '10000' },
      })
      await program.port()
      program.signal('SIGTERM')
      const { code, signal, lines, report } = await program.ended
      t.equal(code, 0)
      t.equal(signal, null)
      t.equal(lines.at(-1), 'pool closed')
      t.match(report, { verdict: 'clean' })
      t.ok((report?.tookMs ?? Infinity) < 9_500, `${report?.tookMs} ms`)
    })
  }
}

t.test('a client that has said nothing yet is no obstacle', async (t) => {
  const program = startProgram(t, [fixture('find')], { env: { WAY: 'app.listen' } })
  const { socket } = await openSocket(await program.port())
  t.teardown(() => socket.destroy())
  program.signal('SIGTERM')
  const ended = await program.ended
  t.equal(ended.code, 0)
  t.ok(messages(ended).includes('draining'))
})
