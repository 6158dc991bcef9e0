import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ruleCodes, type RuleCode } from '#src/doctor/rules/codes.js'
import { runDoctor, type DoctorOptions } from '#src/doctor/run-doctor.js'

const folder = fileURLToPath(new URL('../../test/doctor/rules', import.meta.url))

// what package.json of the working directory depends on counts
process.chdir(folder)

/** `<line> <severity> <arithmetic>` of each finding of the rule. */
type Expected = Readonly<Record<string, readonly string[]>>

/** The files of each rule, and what it says about them: nothing of the good ones. */
const table: Readonly<Record<RuleCode, Expected>> = {
  'prestop-over-grace': {
    'good.yaml': [],
    'bad.yaml': ['15 error preStop 60 s ≥ terminationGracePeriodSeconds 30 s (default)'],
  },
  'budget-over-grace': {
    'good.yaml': [],
    'bad.yaml': [
      "15 warning preStop 15 s + app 30 s (Last Call's default on kubernetes) = 45 s > terminationGracePeriodSeconds 30 s (default)",
    ],
    // the hook starts the app's own clock
    'drain.yaml': [],
    'compose.yaml': ["5 warning app 10 s (Last Call's default on compose) > stop_grace_period 5 s"],
    'task.json': ["8 warning app 30 s (Last Call's default on ecs) > stopTimeout 20 s"],
    'api.service': ["3 warning app 90 s (Last Call's default on systemd) > TimeoutStopSec 60 s"],
  },
  'grace-env': {
    'good.yaml': [],
    'bad.yaml': [
      '17 error preStop 15 s + app 25 s (LASTCALL_GRACE_PERIOD_MS) = 40 s > terminationGracePeriodSeconds 30 s',
    ],
    'seconds.yaml': ["16 error '30'"],
    'unused.yaml': ['16 note app 30 s (LASTCALL_GRACE_PERIOD_MS) < terminationGracePeriodSeconds 60 s'],
    'compose.yaml': ['5 error app 20 s (LASTCALL_GRACE_PERIOD_MS) > stop_grace_period 10 s (default)'],
  },
  'prestop-unknown': {
    'good.yaml': [],
    'bad.yaml': ['16 note preStop at least 0 s + app ≤ terminationGracePeriodSeconds 45 s?'],
  },
  'readiness-over-lame-duck': {
    'good.yaml': [],
    'bad.yaml': ['14 note period 10 s × 3 + timeout 2 s = 32 s > lame duck 9 500 ms'],
    'compose.yaml': [],
  },
  'lame-duck-missing': { 'good.yaml': [], 'bad.yaml': [] },
  'liveness-is-readiness': {
    'good.yaml': [],
    'bad.yaml': ['15 warning liveness 2 s × 2 = 4 s, readiness 2 s × 2 = 4 s'],
    'patient.yaml': [],
    'readyz.yaml': ['15 warning undefined'],
  },
  'no-readiness-probe': {
    'good.yaml': [],
    'bad.yaml': ['10 warning undefined'],
    'worker.yaml': [],
    'redis.yaml': [],
    'patch.yaml': [],
  },
  'unavailable-without-surge': {
    'good.yaml': [],
    'bad.yaml': ['6 warning replicas 3 − maxUnavailable 100% + maxSurge 0 = 0 serving'],
    'fewer.yaml': ['6 note replicas 3 − maxUnavailable 1 + maxSurge 0 = 2 serving'],
    'recreate.yaml': ['6 warning strategy Recreate'],
    'stateful.yaml': ['5 warning replicas 1 − 1 = 0 serving'],
    // a volume that one pod at a time may mount leaves no choice
    'claims.yaml': ['5 note replicas 1 − 1 = 0 serving'],
  },
  'one-replica': {
    'good.yaml': [],
    'bad.yaml': ['5 note replicas 1 − 1 evicted = 0 serving'],
    'default.yaml': ['3 note replicas 1 (default) − 1 evicted = 0 serving'],
    'scaled.yaml': [],
  },
  'pdb-blocks-evictions': {
    'good.yaml': [],
    'bad.yaml': ['20 warning minAvailable 3 ≥ replicas 3 of orders'],
    'zero.yaml': ['6 warning maxUnavailable 0: no eviction'],
    'rounded.yaml': ['20 warning minAvailable 10% = 1 ≥ replicas 1 of orders'],
    'stranger.yaml': [],
    'scaled.yaml': ['28 warning minAvailable 2 ≥ replicas 2 of orders'],
    // whoever the pods belong to
    'shared.yaml': [],
    'sum.yaml': ['25 warning minAvailable 5 ≥ replicas 5 of leader, follower'],
  },
  'probe-port': {
    'good.yaml': [],
    'bad.yaml': ["15 error 'web' ∉ { http }"],
    'admin.yaml': ['15 note 9090 ∉ { http }'],
  },
  'publishes-not-ready': { 'good.yaml': [], 'bad.yaml': ['21 warning undefined'] },
  'signal-wrapper': {
    'good.Dockerfile': [],
    'shell.Dockerfile': ['2 error sh → node'],
    'quotes.Dockerfile': [],
    'alpine.Dockerfile': ['2 note sh → node'],
    'exec.Dockerfile': [],
    'bash.Dockerfile': ['3 error bash → node'],
    'tini.Dockerfile': ['3 error init → npm → node'],
    'entrypoint.Dockerfile': ['2 note entrypoint.sh → ?'],
    'nested.Dockerfile': ['2 note docker-entrypoint.sh → ?'],
    'migrate.Dockerfile': ['2 error sh → node'],
    'variable.Dockerfile': ['2 error sh → node'],
    // production neither runs the one nor stops the others
    'compose-dev.yaml': ['4 note npm → node'],
    'once.yaml': ['4 note npm → node', '7 note npm → node'],
    'go.Dockerfile': [],
    'app/Dockerfile': ['2 error npm → node'],
    spa: [],
    'npm.yaml': ['12 warning npm → node'],
    'compose.yaml': ['4 error sh → node', '10 note npm → node', '13 warning nodemon → node'],
    'api.service': ['2 warning npm → node'],
    'mixed.service': ['2 warning sh → node'],
    'behind.service': ['2 error sh → node'],
    'bash.service': ['2 note bash → node'],
    'good.service': [],
    'task.json': ['6 error sh → node'],
  },
  'stop-signal': {
    'good.Dockerfile': [],
    'bad.Dockerfile': ['2 warning SIGQUIT ∉ { SIGTERM, SIGINT }'],
    'nginx.Dockerfile': [],
    'compose.yaml': ['7 error SIGKILL ∉ { SIGTERM, SIGINT }'],
    'api.service': ['3 warning SIGHUP ∉ { SIGTERM, SIGINT }'],
  },
  'kill-mode': {
    'good.service': [],
    'bad.service': ['3 error KillMode=none: no SIGTERM, no SIGKILL'],
    'process.service': ['3 warning KillMode=process: SIGTERM and SIGKILL for the main process alone'],
    'sshd.service': [],
  },
  'stop-timeout-limit': {
    'good.json': [],
    'bad.json': ['9 error stopTimeout 180 s > limit 120 s'],
    'ec2.json': [],
  },
  'command-unknown': { 'good.yaml': [], 'bad.yaml': ['10 note undefined'] },
  'start-script': {
    'good/package.json': [],
    'bad/package.json': ['3 note nodemon server.js'],
    run: ['3 warning npm run migrate && node server.js'],
    'production/package.json': [],
    'background/package.json': ['3 note node server.js & node worker.js'],
  },
  'no-restart': { 'good.yaml': [], 'bad.yaml': ['3 note undefined'] },
}

const examine = async (
  code: RuleCode,
  file: string,
  options: Partial<DoctorOptions> = {},
): Promise<readonly string[]> => {
  const { findings } = await runDoctor({ files: [`${code}/${file}`], ...options })
  return findings
    .filter((finding) => finding.code === code)
    .map(({ at, severity, arithmetic }) => `${at.line} ${severity} ${arithmetic}`)
}

for (const code of ruleCodes) {
  t.test(`${code} says of each file what is expected`, async (t) => {
    for (const [file, expected] of Object.entries(table[code]))
      t.strictSame(await examine(code, file), expected, file)
  })
}

t.test('every rule has a section of its own in the documentation', (t) => {
  const guide = readFileSync(new URL('../../../../docs/doctor.md', import.meta.url), 'utf8')
  const sections = [...guide.matchAll(/^### `([\w-]+)`$/gm)].map(([, code]) => code)
  t.strictSame(sections, [...ruleCodes])
  t.end()
})

t.test('an app that says it has no lame duck needs a preStop hook', async (t) => {
  const explain = 'lame-duck-missing/app-output.txt'
  const code = 'lame-duck-missing'
  t.strictSame(await examine(code, 'good.yaml', { explain }), [])
  t.strictSame(await examine(code, 'bad.yaml', { explain }), [
    '10 warning lameDuck.minMs 0 s (option) + preStop 0 s',
  ])
})

t.test('a budget that is given is certain, and what it does not fit into an error', async (t) => {
  t.strictSame(await examine('budget-over-grace', 'bad.yaml', { graceMs: 20_000 }), [
    '15 error preStop 15 s + app 20 s (--grace) = 35 s > terminationGracePeriodSeconds 30 s (default)',
  ])
  t.strictSame(await examine('budget-over-grace', 'bad.yaml', { graceMs: 15_000 }), [])
})

t.test('a container that is not the one that was named has no budget', async (t) => {
  const files = ['budget-over-grace/bad.yaml', 'budget-over-grace/compose.yaml', 'grace-env/unused.yaml']
  const { findings } = await runDoctor({
    files: [...files, 'signal-wrapper/compose.yaml'],
    container: 'split',
  })
  t.notOk(findings.some(({ code }) => code === 'budget-over-grace'))
})

t.test('the fix is the command without what stands in front of it', async (t) => {
  const fixes = async (...files: readonly string[]): Promise<readonly (string | undefined)[]> => {
    const { findings } = await runDoctor({ files: files.map((file) => `signal-wrapper/${file}`) })
    return findings.filter(({ code }) => code === 'signal-wrapper').map(({ fix }) => fix)
  }
  t.strictSame(await fixes('shell.Dockerfile'), ['CMD ["node", "server.js"]'])
  t.strictSame(await fixes('app/Dockerfile', 'app/package.json'), [
    'CMD ["node", "dist/main.js", "--port", "80"]',
  ])
  t.strictSame(await fixes('task.json'), ['"command": ["node", "server.js"]'])
  t.strictSame(await fixes('api.service'), ['the command of the script itself, beginning with node'])
  t.strictSame(await fixes('npm.yaml'), ['the command of the script itself, beginning with node'])
})

t.test('a fix that drops a migration, a cd, a variable or an entrypoint is none', async (t) => {
  const fix = async (file: string): Promise<string | undefined> =>
    (await runDoctor({ files: [`signal-wrapper/${file}`] })).findings[0]?.fix
  t.equal(await fix('migrate.Dockerfile'), 'exec, in the same sh: exec node dist/main.js')
  t.equal(await fix('mixed.service'), 'exec, in the same sh: exec node server.js')
  t.equal(await fix('variable.Dockerfile'), 'exec, in the same sh: exec node server.js')
  t.equal(await fix('entrypoint.Dockerfile'), 'exec, in front of what entrypoint.sh starts last')
})
