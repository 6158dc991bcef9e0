import type { Ended } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startFixture } from './run-fixture.js'

t.jobs = 2

const crash = (t: Test, how: string, options = {}, logger = ''): Promise<Ended> =>
  startFixture(t, 'crash', { args: [how, JSON.stringify(options), logger] }).ended

/** The messages of the errors that were logged, in order. */
const errors = ({ log }: Ended): string[] =>
  log.flatMap(({ err }) => (err === undefined ? [] : [(err as { message?: string }).message ?? String(err)]))

for (const { how, origin } of [
  { how: 'exception', origin: 'uncaughtException' },
  { how: 'rejection', origin: 'unhandledRejection' },
]) {
  t.test(`after ready, an ${origin} lets work in flight finish and exits 1`, async (t) => {
    const { code, lines, log, reports } = await crash(t, how)
    t.equal(code, 1)
    t.strictSame(lines, [
      'running',
      'ready',
      'lame-duck',
      'last-call',
      'draining',
      'job finished',
      'releasing',
      'stopped',
    ])
    t.match(
      log.filter(({ level, report }) => level === 'error' && !report),
      [
        {
          msg: `${origin}: work in flight may finish, then the process exits with 1`,
          err: { message: 'boom' },
        },
      ],
    )
    t.match(reports, [{ reason: origin, verdict: 'failed', exitCode: 1, crashes: 1 }])
    t.match(reports[0]?.phases[0], { phase: 'lame-duck', skipped: true, ended: 'skipped: after a crash' })
  })
}

t.test('a second crash in the middle is counted and ends nothing early', async (t) => {
  const { code, lines, log, reports } = await crash(t, 'exception twice')
  t.equal(code, 1)
  t.ok(lines.includes('job finished'))
  t.equal(log.filter(({ err }) => err !== undefined).length, 2)
  t.equal(reports[0]?.crashes, 2)
})

t.test('a crash while an instance closes by itself exits 1, however clean that was', async (t) => {
  const { code, lines, reports } = await crash(t, 'exception while closing')
  t.equal(code, 1)
  t.ok(lines.includes('job finished'))
  t.match(reports, [{ reason: 'closed by the app', exitCode: 0 }])
})

for (const how of ['exception before ready', 'rejection before ready']) {
  t.test(`an ${how} ends the process as Node would`, async (t) => {
    const { code, lines, log, stderr } = await crash(t, how)
    t.equal(code, 1)
    t.strictSame(lines, ['ready'])
    t.strictSame(log, [])
    t.match(stderr, /Error: boom/)
  })
}

t.test('crashes: false leaves crashes to Node', async (t) => {
  const { code, lines, log, stderr } = await crash(t, 'exception', { crashes: false })
  t.equal(code, 1)
  t.strictSame(lines, ['running', 'ready'])
  t.strictSame(log, [])
  t.match(stderr, /Error: boom/)
})

t.test('where somebody else handles uncaught errors, it is left to them', async (t) => {
  const { code, lines } = await crash(t, 'handled exception')
  t.equal(code, 3)
  t.strictSame(lines, ['running', 'ready', 'handled: boom', 'job finished'])
})

t.test('an error in a participant is logged once, and fails the shutdown it is part of', async (t) => {
  const ended = await crash(t, 'signal, in a participant')
  t.equal(ended.code, 1)
  t.ok(ended.lines.includes('job finished'))
  t.strictSame(errors(ended), ['boom'])
  t.match(ended.reports, [{ reason: 'SIGTERM', verdict: 'failed', crashes: 0 }])
})

t.test('an error that a participant leaves behind is a crash, and is logged once', async (t) => {
  const ended = await crash(t, 'signal, after a participant')
  t.equal(ended.code, 1)
  t.ok(ended.lines.includes('job finished'))
  t.strictSame(errors(ended), ['boom'])
  t.match(ended.reports, [{ reason: 'SIGTERM', verdict: 'failed', crashes: 1 }])
})

t.test('errors that are thrown while one is handled are each logged once, too', async (t) => {
  const ended = await crash(t, 'exception, others while it is handled')
  t.equal(ended.code, 1)
  t.ok(ended.lines.includes('job finished'))
  t.strictSame(errors(ended).sort(), ['boom', 'listener', 'participant', 'stopping'])
  t.equal(ended.reports[0]?.crashes, 2)
})

t.test('anything may be thrown', async (t) => {
  const nothing = await crash(t, 'not an error')
  t.equal(nothing.code, 1)
  t.ok(nothing.lines.includes('job finished'))
  t.equal(nothing.log.filter(({ origin }) => origin === 'uncaughtException').length, 1)
  const hostile = await crash(t, 'hostile error')
  t.equal(hostile.code, 1)
  t.ok(hostile.lines.includes('job finished'))
  t.equal(hostile.stderr.match(/Error: boom/g)?.length, 1)
})

t.test('a logger that writes later has written the crash once', async (t) => {
  for (const how of ['exception', 'rejection']) {
    const ended = await crash(t, how, {}, 'buffered')
    t.equal(ended.code, 1)
    t.ok(ended.lines.includes('job finished'))
    t.strictSame(errors(ended), ['boom'])
    t.equal(ended.reports.length, 1)
  }
})

for (const logger of ['throws', 'rejects', 'rejects unheard', 'throws later']) {
  t.test(`a crash with a logger that ${logger}: work in flight finishes`, async (t) => {
    const { code, signal, lines, stderr } = await crash(t, 'exception', {}, logger)
    t.strictSame({ code, signal, stderr }, { code: 1, signal: null, stderr: '' })
    t.strictSame(lines.slice(-3), ['job finished', 'releasing', 'stopped'])
  })
}
