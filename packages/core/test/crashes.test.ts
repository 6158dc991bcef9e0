import type { Ended } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startFixture } from './run-fixture.js'

t.jobs = 2

const crash = (t: Test, how: string, options = {}): Promise<Ended> =>
  startFixture(t, 'crash', { args: [how, JSON.stringify(options)] }).ended

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
