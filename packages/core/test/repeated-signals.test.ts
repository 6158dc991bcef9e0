import { messages } from '@lastcall/testing'
import t from 'tap'
import { runUntilSignal, startFixture } from './run-fixture.js'

t.jobs = 2

t.test('a second SIGTERM changes nothing, in whatever phase it comes', async (t) => {
  const program = startFixture(t, 'phase-by-phase')
  await program.line('ready')
  program.signal('SIGTERM')
  await program.line('SIGTERM 1')
  let sent = 1
  for (const phase of ['lame-duck', 'last-call', 'draining', 'releasing']) {
    await program.line(phase)
    for (const _ of [1, 2]) {
      program.signal('SIGTERM')
      await program.line(`SIGTERM ${(sent += 1)}`)
    }
    program.signal('SIGUSR2')
  }
  const { code, lines, reports, log } = await program.ended
  t.equal(code, 0)
  t.strictSame(
    lines.filter((line) => !line.startsWith('SIGTERM')),
    ['running', 'ready', 'lame-duck', 'last-call', 'draining', 'releasing', 'stopped'],
  )
  t.equal(sent, 9)
  t.equal(lines.filter((line) => line.startsWith('SIGTERM')).length, 9)
  t.equal(log.length, 6)
  t.equal(reports.length, 1)
  t.match(reports[0], { reason: 'SIGTERM', verdict: 'clean', exitCode: 0 })
})

t.test('SIGTERM after everything has stopped exits at once with the code of the report', async (t) => {
  for (const { args, code } of [
    { args: ['tidy'], code: 0 },
    { args: ['fails'], code: 1 },
  ]) {
    const program = startFixture(t, 'stray-interval', { args })
    await program.line('ready')
    program.signal('SIGTERM')
    await program.line('shutdown on SIGTERM')
    program.signal('SIGTERM')
    const ended = await program.ended
    t.equal(ended.code, code)
    t.notOk(
      messages(ended).some((message) => message.includes('keeps the process alive')),
      'did not wait for the guardian',
    )
  }
})

t.test('two SIGINTs 15 ms apart are one Ctrl-C', async (t) => {
  const program = startFixture(t, 'interrupts', { args: ['15'] })
  await program.line('SIGINT 2')
  program.signal('SIGUSR2')
  const { code, reports } = await program.ended
  t.equal(code, 0)
  t.match(reports, [{ reason: 'SIGINT', verdict: 'clean' }])
})

t.test('two SIGINTs more than a second apart mean now', async (t) => {
  const ended = await startFixture(t, 'interrupts', { args: ['1050'] }).ended
  t.equal(ended.code, 130)
  t.strictSame(ended.reports, [])
  t.equal(messages(ended).at(-1), 'second SIGINT: exiting at once')
})

t.test('a third SIGINT counts from the first', async (t) => {
  const ended = await startFixture(t, 'interrupts', { args: ['600', '600'] }).ended
  t.equal(ended.code, 130)
})

t.test('registrations and holds that come too late are refused with a code', async (t) => {
  const { code, lines } = await runUntilSignal(t, 'late')
  t.equal(code, 0)
  t.strictSame(lines, [
    'starting: hold accepted, registration accepted',
    'running: hold accepted, registration accepted',
    'ready',
    'lame-duck: hold accepted, registration accepted',
    'last-call: hold accepted, registration accepted',
    'draining: hold accepted, registration accepted',
    'releasing: hold ERR_LASTCALL_TOO_LATE, registration accepted',
    'stopped: hold ERR_LASTCALL_TOO_LATE, registration ERR_LASTCALL_TOO_LATE',
    JSON.stringify([
      'lame-duck of starting',
      'lame-duck of running',
      'lame-duck of lame-duck',
      'last-call of starting',
      'last-call of running',
      'last-call of lame-duck',
      'last-call of last-call',
      'drain of starting',
      'drain of running',
      'drain of lame-duck',
      'drain of last-call',
      'drain of draining',
      'release of releasing',
      'release of draining',
      'release of last-call',
      'release of lame-duck',
      'release of running',
      'release of starting',
    ]),
  ])
})
