import t from 'tap'
import { drillFixture, fixture, problems, runLastcall, small } from '../run-lastcall.js'

t.jobs = 2

t.test('an app that stops perfectly loses nothing and passes', async (t) => {
  const { report, exitCode } = await drillFixture('perfect', '--restarts', '2')
  t.equal(exitCode, 0)
  t.strictSame(problems(report), {})
  t.equal(report.traffic.lost, 0)
  t.equal(report.traffic.outcomes.ok, report.traffic.requests)
  t.ok(report.traffic.posts > 20)
  t.match(report.rows, { missing: [], duplicates: [] })
  t.strictSame(
    report.restarts.map((restart) => [restart.instance, restart.exitCode, restart.forced]),
    [
      ['instance 1', 0, false],
      ['instance 2', 0, false],
    ],
  )
  for (const { servedAfterSignal, timeline } of report.restarts) {
    t.ok(servedAfterSignal > 0)
    const events = timeline.map(({ event }) => event)
    t.equal(events[0], 'SIGTERM sent')
    t.ok(events.includes('health check sees not ready (503)'))
    t.ok(events.includes('first response that says "Connection: close"'))
    t.strictSame(events.slice(-3), ['exit, code 0', 'started again', 'ready'])
  }
})

t.test('an app that exits at once loses what is in flight', async (t) => {
  const { report, exitCode } = await drillFixture('drops-everything', '--restarts', '2')
  t.equal(exitCode, 1)
  // the slow request always is; whether anybody is refused as well is a matter of moments
  t.ok(report.traffic.outcomes.reset > 0, 'reset')
  t.equal(report.traffic.outcomes.serverError, 0)
  t.match(problems(report), { 'lost-reset': 'failed', 'readiness-first': 'failed' })
  t.notOk('exit-code' in problems(report))
})

t.test('answers with a server error have a column of their own', async (t) => {
  const { report, exitCode } = await drillFixture('answers-503', '--restarts', '2')
  t.equal(exitCode, 1)
  t.ok(report.traffic.outcomes.serverError > 0)
  t.match(problems(report), { 'lost-server-error': 'failed' })
  t.equal(report.traffic.outcomes.truncated, 0)
})

t.test('responses that stop short are truncated', async (t) => {
  const { report, exitCode } = await drillFixture('truncates', '--restarts', '2')
  t.equal(exitCode, 1)
  t.ok(report.traffic.outcomes.truncated > 0)
  t.match(problems(report), { 'lost-truncated': 'failed' })
})

t.test('a row stored twice fails the drill although no request was lost', async (t) => {
  const { report, exitCode } = await drillFixture('stores-twice', '--restarts', '1')
  t.equal(exitCode, 1)
  t.equal(report.traffic.lost, 0)
  t.ok(report.rows?.duplicates.length)
  t.strictSame(report.rows?.missing, [])
})

t.test('an answered POST whose row is gone fails the drill although no request was lost', async (t) => {
  const { report, exitCode } = await drillFixture('forgets-rows', '--restarts', '1')
  t.equal(exitCode, 1)
  t.equal(report.traffic.lost, 0)
  t.ok(report.rows?.missing.length)
  t.strictSame(report.rows?.duplicates, [])
})

t.test('an app that ignores SIGTERM is stopped by force when the grace period is over', async (t) => {
  const { report, exitCode } = await drillFixture('ignores-sigterm', '--restarts', '1', '--grace', '600')
  t.equal(exitCode, 1)
  t.match(report.restarts, [{ forced: true, exitSignal: 'SIGKILL' }])
  t.ok((report.restarts[0]?.stopMs ?? 0) >= 600)
  t.match(problems(report), { 'grace-period': 'failed', 'readiness-first': 'failed' })
})

t.test('an app that ends at the second SIGTERM is found out in the last restart', async (t) => {
  const { report, exitCode } = await drillFixture('minds-repetition', '--restarts', '2')
  t.equal(exitCode, 1)
  t.match(
    report.restarts.map((restart) => restart.exitCode),
    [0, 1],
  )
  t.match(problems(report), { 'repeated-sigterm': 'failed', 'exit-code': 'failed' })
  t.ok(report.restarts[1]?.timeline.some(({ event }) => event === 'SIGTERM sent again (2)'))
})

t.test('an app that stops listening and never says so is not ready to leave', async (t) => {
  const { report } = await drillFixture('never-says-no', '--restarts', '1')
  const { 'lost-refused': _, ...others } = problems(report)
  t.strictSame(others, { 'readiness-first': 'failed', 'repeated-sigterm': 'unchecked' })
})

t.test('an app without a handler ends by the signal, and that is a failure', async (t) => {
  const { report, exitCode } = await drillFixture('knows-no-signal', '--restarts', '1')
  t.equal(exitCode, 1)
  t.match(report.restarts, [{ exitCode: null, exitSignal: 'SIGTERM', forced: false }])
  t.match(problems(report), { 'exit-by-signal': 'failed', 'readiness-first': 'failed' })
})

t.test('routes that the app does not have are left out, and the drill says so', async (t) => {
  const { stdout, exitCode } = await runLastcall(
    ...['drill', '--clients', '7', '--restarts', '1', '--', process.execPath, fixture('only-get')],
  )
  t.equal(exitCode, 0)
  t.match(
    stdout.replaceAll(/\n {2}/g, ' '),
    'Left out: POST /orders (answers 404), GET /slow?ms=2000 (answers 404), GET /export (answers 404)\nName the paths of the app with --get',
  )
  t.match(stdout, '0 POST')
})

t.test('the text has the losses, a line per restart, a timeline and a verdict', async (t) => {
  const { stdout, stderr } = await runLastcall(
    ...['drill', ...small, '--restarts', '1', '--', process.execPath, fixture('drops-everything')],
  )
  t.match(stderr, /^restart 1, instance 1: exit 0 after \d+ ms, \d+ of \d+ requests lost$/m)
  t.match(stdout, /^ {2}lost +\d+$/m)
  t.match(stdout, /^restart +instance +exit +signal to exit +start to ready +requests +lost$/m)
  t.match(stdout, /^ +0 ms {2}SIGTERM sent$/m)
  t.match(stdout, /^Failed: \d+ of \d+ requests were lost in 1 restart$/m)
  t.match(stdout, /^What failed:\n {2}lost-(refused|reset): \d+ of \d+ requests /m)
  t.match(stdout, /^ {4}- restart 1, on instance 1: \d+ (GET|POST)/m)
})
