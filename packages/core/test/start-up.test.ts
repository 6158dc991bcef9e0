import t from 'tap'
import { startFixture } from './run-fixture.js'

t.test('a shutdown during start-up goes through, and a late ready() changes nothing', async (t) => {
  const program = startFixture(t, 'starting')
  await program.line('starting, not ready')
  program.signal('SIGTERM')
  const { code, lines, reports } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines, [
    'starting, not ready',
    'lame-duck',
    'last-call',
    'draining',
    'after ready(): draining, false',
    'releasing',
    'closed',
    'stopped',
  ])
  t.match(reports[0], { reason: 'SIGTERM', verdict: 'clean' })
})
