import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { DrillReport } from '#src/drill/report.js'
import { fixture, runLastcall, small, startLastcall } from '../run-lastcall.js'

const app = (name: string): readonly string[] => ['--', process.execPath, fixture(name)]

t.test('a command that is missing is an error, with exit code 2', async (t) => {
  const { exitCode, stderr } = await runLastcall('drill')
  t.equal(exitCode, 2)
  t.match(stderr, "missing required argument 'command'")
  t.match(stderr, 'lastcall drill --help')
})

t.test('wrong options are named with what is allowed', async (t) => {
  const cases = [
    [['--restarts', '0'], "'0' is invalid", 'a whole number of at least 1'],
    [['--grace', '2.5'], "'2.5' is invalid", 'a whole number of at least 1'],
    [['--clients', 'many'], "'many' is invalid", 'a whole number of at least 1'],
    [['--get', 'orders'], "'orders' is invalid", 'must begin with a slash'],
    [['--port', '70000'], "'70000' is invalid", 'a whole number from 1 to 65535'],
    [['--port-env', 'A=B'], "'A=B' is invalid", 'the name of an environment variable'],
    [['--header', 'no colon'], "'no colon' is invalid", "must look like 'Name: value'"],
  ] as const
  for (const [flags, what, allowed] of cases) {
    const { exitCode, stderr } = await runLastcall('drill', ...flags, ...app('perfect'))
    t.equal(exitCode, 2)
    t.match(stderr, what)
    t.match(stderr, allowed)
  }
})

t.test('a command that does not exist cannot be drilled', async (t) => {
  const { exitCode, stderr } = await runLastcall('drill', '--', '/nowhere/at-all')
  t.equal(exitCode, 2)
  t.match(stderr, 'lastcall drill: The command could not be started: /nowhere/at-all')
})

t.test('a page that cannot be written is an error before anything is started', async (t) => {
  const directory = t.testdir()
  for (const path of [directory, join(directory, 'missing', 'report.html')]) {
    const { exitCode, stderr, stdout } = await runLastcall('drill', '--html', path, ...app('perfect'))
    t.equal(exitCode, 2)
    t.match(stderr, `lastcall drill: The page cannot be written to ${path}`)
    t.notMatch(stderr, 'starting the instances')
    t.equal(stdout, '')
  }
})

t.test('a drill that is not carried out leaves no page behind, and an old one as it is', async (t) => {
  const directory = t.testdir({ 'old.html': 'of yesterday' })
  for (const name of ['old.html', 'new.html']) {
    const { exitCode } = await runLastcall('drill', '--html', join(directory, name), ...app('exits-early'))
    t.equal(exitCode, 2)
  }
  t.strictSame(readdirSync(directory), ['old.html'])
  t.equal(readFileSync(join(directory, 'old.html'), 'utf8'), 'of yesterday')
})

t.test('an app that never gets ready is given up with its last health check and its output', async (t) => {
  const { exitCode, stderr, stdout } = await runLastcall(
    'drill',
    '--ready-timeout',
    '1000',
    ...app('never-ready'),
  )
  t.equal(exitCode, 2)
  t.match(
    stderr,
    /instance \d was not ready within 1,000 ms: GET \/readyz was answered 503\. .*--ready-timeout/,
  )
  t.match(stderr, '  | waiting for a database that never comes')
  t.equal(stdout, '')
})

t.test('an app that exits early is given up at once, with its output', async (t) => {
  const { exitCode, stderr } = await runLastcall('drill', ...app('exits-early'))
  t.equal(exitCode, 2)
  t.match(stderr, 'The app ended by itself, with exit code 3')
  t.match(stderr, '  | cannot read the configuration')
})

t.test('an app that ends between two restarts is given up, with its output', async (t) => {
  const { exitCode, stderr } = await runLastcall('drill', ...small, ...app('crashes-later'))
  t.equal(exitCode, 2)
  t.match(stderr, 'The app ended by itself, with exit code 7')
  t.match(stderr, '  | ran out of beans')
})

t.test('a path that was given has to answer, whatever it is for', async (t) => {
  for (const [option, what] of [
    ['--get', 'GET /nothing answers 404, and it was given with --get'],
    ['--post', 'POST /nothing answers 404, and it was given with --post'],
    ['--live', 'GET /nothing answers 404, and it was given with --live'],
    ['--websocket', 'The WebSocket /nothing could not be opened before any restart'],
    ['--event-stream', 'The event stream /nothing could not be opened before any restart (it answers 404)'],
  ] as const) {
    const { exitCode, stderr } = await runLastcall('drill', option, '/nothing', ...app('perfect'))
    t.equal(exitCode, 2)
    t.match(stderr, what)
  }
})

t.test('a readiness path that was given has to be there', async (t) => {
  const flags = ['--ready', '/nothing', '--ready-timeout', '1000']
  const { exitCode, stderr } = await runLastcall('drill', ...flags, ...app('perfect'))
  t.equal(exitCode, 2)
  t.match(stderr, /instance \d was not ready within 1,000 ms: GET \/nothing was answered 404/)
})

t.test('an app without any of the routes is told which options there are', async (t) => {
  const { exitCode, stderr } = await runLastcall('drill', ...app('answers-404'))
  t.equal(exitCode, 2)
  t.match(
    stderr,
    'Nothing to send: POST /orders (answers 404), GET /orders/latest (answers 404), GET / (answers 404).',
  )
  t.match(stderr, '--get and --post')
})

t.test('an app that does not listen yet is given up as one that may need longer', async (t) => {
  const silent = ['--', process.execPath, '-e', 'setInterval(() => {}, 1e6)']
  const { exitCode, stderr } = await runLastcall('drill', '--ready-timeout', '1000', ...silent)
  t.equal(exitCode, 2)
  t.match(stderr, 'It does not listen on any port yet. It may need longer (--ready-timeout)')
  t.match(stderr, '--port-env NAME')
  t.match(stderr, 'It printed nothing.')
})

t.test('an app that listens elsewhere is told how it can be given its port', async (t) => {
  const { exitCode, stderr } = await runLastcall(
    'drill',
    '--ready-timeout',
    '1000',
    ...app('listens-elsewhere'),
  )
  t.equal(exitCode, 2)
  t.match(stderr, /It listens on port \d+ \(.*listens-elsewhere.*\), and not on \d+: give it its port/)
  t.match(stderr, '--port-env NAME')
})

t.test('one port is for one instance', async (t) => {
  const flags = ['--port', '3000', '--instances', '2']
  const { exitCode, stderr } = await runLastcall('drill', ...flags, ...app('perfect'))
  t.equal(exitCode, 2)
  t.match(stderr, 'with --port there is one instance only')
})

t.test('a port that somebody has is refused', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo // a TCP server
  const { exitCode, stderr } = await runLastcall('drill', '--port', String(port), ...app('perfect'))
  t.equal(exitCode, 2)
  t.match(stderr, `Port ${port} is in use already`)
})

t.test('headers and a body are sent as they were given', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'lastcall-test-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'body')
  writeFileSync(file, 'two beans')
  const flags = [
    '--restarts',
    '1',
    '--clients',
    '7',
    '--header',
    'X-Tenant: a: b',
    '--header',
    'content-type:text/plain',
  ]
  const { exitCode, stdout, stderr } = await runLastcall(
    ...['drill', ...flags, '--post', '/beans', '--body', `@${file}`, '--json', ...app('wants-headers')],
  )
  t.equal(exitCode, 0, stderr)
  const report: DrillReport = JSON.parse(stdout)
  t.ok(report.traffic.posts > 0)
  t.match(
    report.findings.find(({ code }) => code === 'stored-missing'),
    {
      verdict: 'unchecked',
      evidence: ['what is given as --body has no ids of the drill'],
    },
  )
  const missing = await runLastcall('drill', '--body', '@/nowhere', ...app('perfect'))
  t.equal(missing.exitCode, 2)
  t.match(missing.stderr, 'The file of --body cannot be read: /nowhere')
})

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  t.test(`${signal} ends the drill, its apps and their directories`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'lastcall-test-'))
    t.teardown(() => rmSync(directory, { recursive: true }))
    const command = startLastcall({ TMPDIR: directory }, 'drill', ...small, ...app('ignores-sigterm'))
    await command.line('asking each route once')
    command.signal(signal)
    // also waits for the pipes, which the apps do not hold
    const { code, stdout, stderr } = await command.ended
    t.equal(code, exitCode)
    t.strictSame(readdirSync(directory), [])
    t.notOk(`${stdout}${stderr}`.includes('Error'))
  })
}
