import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { drillApp, fixture, problems } from '../run-lastcall.js'
import type { Drilled } from '../run-lastcall.js'

t.jobs = 2

/** What requests that an app cuts off become is a matter of moments. */
const lost = /^lost-(refused|reset|truncated)$/

function problemsButLost({ report }: Drilled): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(problems(report)).filter(([code]) => !lost.test(code)))
}

const hello = "require('http').createServer((_, response) => response.end('hello')).listen(process.env.PORT)"
const few = ['--clients', '7', '--restarts', '2']

t.test('a server of node:http that has no handler: whatever it is asked for, it says hello', async (t) => {
  const drilled = await drillApp([process.execPath, '-e', hello], ...few)
  t.equal(drilled.exitCode, 1)
  t.strictSame(problemsButLost(drilled), {
    // it answers what is a list elsewhere, but not with what was posted
    'stored-missing': 'unchecked',
    'stored-twice': 'unchecked',
    'readiness-first': 'failed',
    'exit-by-signal': 'failed',
  })
  const advice = drilled.report.findings.find(({ code }) => code === 'exit-by-signal')?.advice
  t.match(advice, 'Last Call does')
})

const python = spawnSync('python3', ['--version']).error ? 'python3 is not installed' : false

t.test("Python's http.server, which takes its port as an argument", { skip: python }, async (t) => {
  const drilled = await drillApp(['python3', '-m', 'http.server', '{port}'], ...few)
  t.equal(drilled.exitCode, 1)
  t.strictSame(problemsButLost(drilled), {
    'readiness-first': 'unchecked',
    'liveness-kept': 'unchecked',
    'exit-by-signal': 'failed',
  })
  const { report } = drilled
  t.strictSame(report.asked, ['GET /'])
  t.match(report.leftOut, ['POST /orders (answers 501)', 'GET /orders/latest (answers 404)'])
  t.ok(report.traffic.requests > 20)
  t.equal(report.traffic.posts, 0)
  for (const { advice } of report.findings) t.notMatch(advice ?? '', 'Last Call')
})

const untold = {
  'signal-swallowed': 'failed',
  ...Object.fromEntries(
    [
      ...['readiness-first', 'liveness-kept', 'refused-not-reset', 'exit-code', 'exit-by-signal'],
      ...['grace-period', 'repeated-sigterm', 'children-left', 'port-held'],
    ].map((code) => [code, 'unchecked']),
  ),
} as const

t.test('behind a shell that ends without it, an app is never told', async (t) => {
  const app = `'${process.execPath}' '${fixture('perfect')}'`
  const drilled = await drillApp(['sh', '-c', `${app}; true`], ...few, '--restarts', '1')
  t.strictSame(problemsButLost(drilled), untold)
  const finding = drilled.report.findings.find(({ code }) => code === 'signal-swallowed')
  t.match(finding?.evidence, [
    /^restart 1, instance 1: sh ended after \d+ ms, and .*perfect\.js \(pid \d+\) went on/,
  ])
  t.match(finding?.advice, /`exec .*perfect\.js`/)
})

t.test('the same shell with exec is the app itself', async (t) => {
  const app = `'${process.execPath}' '${fixture('perfect')}'`
  const drilled = await drillApp(['sh', '-c', `exec ${app}`], ...few)
  t.strictSame(problems(drilled.report), {})
  t.equal(drilled.exitCode, 0)
})

t.test('behind a shell that waits and passes nothing on, an app is stopped by force', async (t) => {
  const app = `'${process.execPath}' '${fixture('knows-no-signal')}'`
  const script = `trap : TERM; ${app} & while kill -0 $!; do wait; done`
  const drilled = await drillApp(['sh', '-c', script], ...few, '--restarts', '1', '--grace', '600')
  t.match(drilled.report.restarts, [{ forced: true }])
  t.strictSame(problemsButLost(drilled), untold)
})

t.test('behind npm start, an app is not told, or its end is hidden', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'lastcall-test-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const start = `"${process.execPath}" "${fixture('perfect')}"`
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'app', scripts: { start } }))
  const drilled = await drillApp(['npm', '--prefix', directory, 'start'], ...few, '--restarts', '1')
  const swallowed = drilled.report.findings.find(({ code }) => code === 'signal-swallowed')
  // A shell that replaces itself by the last command lets npm tell it: then all is well.
  if (swallowed?.verdict === 'passed') {
    t.strictSame(problemsButLost(drilled), { 'repeated-sigterm': 'unchecked' })
    return
  }
  t.strictSame(problemsButLost(drilled), untold)
  t.match(swallowed?.evidence, [/npm.* → sh .* → .*perfect\.js/])
  t.match(swallowed?.advice, /^Start the app itself: `.*perfect\.js`, .* and not by npm/)
})

t.test('an app with one port of its own is drilled with one instance, whose clients wait', async (t) => {
  const port = String(20_000 + (process.pid % 5_000))
  const drilled = await drillApp([process.execPath, fixture('perfect')], ...few, '--port', port)
  t.strictSame(problems(drilled.report), {})
  t.strictSame(
    drilled.report.restarts.map(({ instance }) => instance),
    ['instance 1', 'instance 1'],
  )
})

t.test('the port comes in the variable that the app reads', async (t) => {
  const program = hello.replace('PORT', 'HTTP_PORT')
  const { report } = await drillApp([process.execPath, '-e', program], ...few, '--port-env', 'HTTP_PORT')
  t.equal(report.restarts.length, 2)
})
