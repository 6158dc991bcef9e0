import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startCommand } from '@lastcall/testing'
import t, { type Test } from 'tap'

const main = fileURLToPath(import.meta.resolve('#src/main.js'))

interface Options {
  readonly cwd: string
  readonly stdin?: string
}

async function doctor(args: readonly string[], { cwd, stdin }: Options) {
  const command = startCommand([process.execPath, main, 'doctor', ...args], { cwd })
  command.child.stdin.end(stdin)
  const { code, stdout, stderr } = await command.ended
  return { code, stdout, stderr }
}

/** A folder with these files. */
function folder(t: Test, files: Readonly<Record<string, string | Buffer>>): string {
  const path = mkdtempSync(join(tmpdir(), 'lastcall-doctor-'))
  t.teardown(() => rmSync(path, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return path
}

const manifest = (pod = '', container = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 2
  template:
    spec:
${pod}      containers:
        - name: api
          image: node:22
          command: [node, server.js]
          ports: [{ containerPort: 3000 }]
          readinessProbe: { httpGet: { path: /readyz, port: 3000 }, periodSeconds: 2, failureThreshold: 2 }
${container}`

const good = manifest()
const late = manifest('', '          lifecycle: { preStop: { sleep: { seconds: 30 } } }\n')
const unsure = manifest('      terminationGracePeriodSeconds: 20\n')

t.test('what adds up is said to, with exit code 0', async (t) => {
  const cwd = folder(t, { 'deploy.yaml': good })
  t.strictSame(await doctor(['deploy.yaml'], { cwd }), {
    code: 0,
    stdout: '1 file checked: 0 errors, 0 warnings, 0 notes\nNothing is wrong with: deploy.yaml\n',
    stderr: '',
  })
})

t.test('a finding has its place, its arithmetic and its fix, and exit code 1', async (t) => {
  const cwd = folder(t, { 'deploy.yaml': late })
  const { code, stdout } = await doctor(['deploy.yaml'], { cwd })
  t.equal(code, 1)
  t.equal(
    stdout,
    `deploy.yaml
  14:33   error    prestop-over-grace
          The preStop hook of orders/api takes all of the grace period, so the
            app has no time of its own.
          preStop 30 s ≥ terminationGracePeriodSeconds 30 s (default)
          fix: terminationGracePeriodSeconds: 60

1 file checked: 1 error, 0 warnings, 0 notes
`,
  )
})

t.test('a warning fails only where it should', async (t) => {
  const cwd = folder(t, { 'deploy.yaml': unsure })
  t.match(await doctor(['deploy.yaml'], { cwd }), { code: 0, stdout: /warning  budget-over-grace/ })
  t.equal((await doctor(['--fail-on', 'warning', 'deploy.yaml'], { cwd })).code, 1)
  t.equal((await doctor(['--fail-on', 'error', 'deploy.yaml'], { cwd })).code, 0)
})

t.test('--json is one document', async (t) => {
  const cwd = folder(t, { 'deploy.yaml': unsure })
  const { code, stdout } = await doctor(['--json', '--fail-on', 'warning', 'deploy.yaml'], { cwd })
  t.equal(code, 1)
  t.strictSame(JSON.parse(stdout), {
    version: 1,
    exitCode: 1,
    errors: 0,
    warnings: 1,
    notes: 0,
    files: [{ file: 'deploy.yaml', outcome: 'checked' }],
    moreFiles: false,
    findings: [
      {
        file: 'deploy.yaml',
        line: 8,
        column: 38,
        code: 'budget-over-grace',
        severity: 'warning',
        message:
          'orders/api, if it runs Last Call with its defaults, expects more time than it gets: SIGKILL comes before its shutdown has to be over.',
        arithmetic: "app 30 s (Last Call's default on kubernetes) > terminationGracePeriodSeconds 20 s",
        fix: 'terminationGracePeriodSeconds: 30\nor, for the app: LASTCALL_GRACE_PERIOD_MS=20000',
      },
    ],
  })
})

t.test('- is standard input, whatever is in it', async (t) => {
  const cwd = folder(t, {})
  const inputs = {
    [late]: 'prestop-over-grace',
    'FROM node:22\nCMD npm start\n': 'signal-wrapper',
    '# a unit\n\n[Service]\nExecStart=/usr/bin/node a.js\nKillMode=none\n': 'kill-mode',
    'services:\n  api: { image: "node:22", command: npm start }\n': 'signal-wrapper',
  }
  for (const [stdin, code] of Object.entries(inputs))
    t.match((await doctor(['-'], { cwd, stdin })).stdout, new RegExp(`^<stdin>\n.*  ${code}$`, 'm'))
})

t.test('the budget comes from --grace, or from the line of the app itself', async (t) => {
  const app = new URL('../../test/doctor/explained.mjs', import.meta.url)
  const log = await startCommand([process.execPath, fileURLToPath(app)], {
    env: { LASTCALL_EXPLAIN: '1', KUBERNETES_SERVICE_HOST: '10.0.0.1' },
  }).ended
  const cwd = folder(t, { 'deploy.yaml': unsure, 'app.log': `2026-01-01 app-1 | ${log.stderr}` })
  const arithmetic = (from: string): RegExp => new RegExp(`error .*\n(?: +\\w.*\n)+ +app ${from} > `)
  t.match(
    (await doctor(['--grace', '25000', 'deploy.yaml'], { cwd })).stdout,
    arithmetic('25 s \\(--grace\\)'),
  )
  t.equal((await doctor(['--grace', '20000', 'deploy.yaml'], { cwd })).code, 0)
  const explained = arithmetic('40 s \\(--explain\\)')
  t.match((await doctor(['--explain', 'app.log', 'deploy.yaml'], { cwd })).stdout, explained)
  t.match((await doctor(['--explain', '-', 'deploy.yaml'], { cwd, stdin: log.stderr })).stdout, explained)
})

t.test(
  'the line of the app is found in a log that is longer than any manifest, the last of several starts',
  async (t) => {
    const line = (ms: number): string => {
      const values = Object.fromEntries(
        ['gracePeriodMs', 'lameDuck.minMs', 'lameDuck.maxMs'].map((name) => [name, { ms, from: 'option' }]),
      )
      return JSON.stringify({ msg: 'the budget', explain: { platform: null, values } })
    }
    const noise = '{"msg":"GET / 200"}\n'.repeat(60_000)
    const log = `${noise}${line(40_000)}\n${noise}app-1 | ${line(25_000)}\n${noise}${'\0'.repeat(3_000_000)}`
    const cwd = folder(t, { 'deploy.yaml': unsure, 'app.log': log })
    t.match(
      (await doctor(['--explain', 'app.log', 'deploy.yaml'], { cwd })).stdout,
      /app 25 s \(--explain\) > /,
    )
  },
)

t.test('an app that depends on Last Call is certain to run it', async (t) => {
  const json = JSON.stringify({ dependencies: { '@lastcall/fastify': '1.0.0' } })
  const cwd = folder(t, { 'deploy.yaml': unsure, 'package.json': json })
  t.match(await doctor(['deploy.yaml'], { cwd }), { code: 1, stdout: /error    budget-over-grace/ })
})

t.test('without a file it looks around, and leaves out what is not its own', async (t) => {
  const cwd = folder(t, {
    Dockerfile: 'FROM node:22\nCMD npm start\n',
    'app/docker-compose.prod.yml': 'services: { web: { image: nginx } }\n',
    'k8s/base/anything.yaml': late,
    'k8s/notes.yaml': 'just: text\n',
    'other/anything.yaml': late,
    '.aws/task-definition.json': '{"containerDefinitions": []}',
    'systemd/api.service': '[Service]\nExecStart=/usr/bin/node a.js\n',
    'node_modules/x/Dockerfile': 'FROM node:22\nCMD npm start\n',
    '.git/deploy/x.yaml': late,
    'a/b/c/d/e/f/g/Dockerfile': 'FROM node:22\nCMD npm start\n',
    'charts/app/templates/deployment.yaml': `{{- if .Values.on }}\n${good}\n{{- end }}\n`,
  })
  symlinkSync('..', join(cwd, 'k8s', 'circle'))
  const { stdout, code } = await doctor(['--json'], { cwd })
  t.equal(code, 1)
  t.strictSame(
    (JSON.parse(stdout) as { files: { file: string; outcome: string }[] }).files
      .map(({ file, outcome }) => `${file} ${outcome}`)
      .toSorted(),
    [
      '.aws/task-definition.json checked',
      'Dockerfile checked',
      'app/docker-compose.prod.yml checked',
      'charts/app/templates/deployment.yaml template',
      'k8s/base/anything.yaml checked',
      'systemd/api.service checked',
    ],
  )
})

t.test('a folder is looked into as if it were one of manifests', async (t) => {
  const cwd = folder(t, { 'infra/any.yaml': late })
  t.match(await doctor(['infra'], { cwd }), { code: 1, stdout: /^infra\/any\.yaml$/m })
})

t.test('what cannot be checked is exit code 2, and says why', async (t) => {
  const cwd = folder(t, {
    'broken.yaml': 'apiVersion: v1\nkind: [\n',
    'strange.yaml': 'kind: [\n',
    'binary.yaml': Buffer.from([0, 1, 2, 255]),
    'long.yaml': '#'.repeat(1_048_577),
    'template.yaml': 'replicas: {{ .Values.replicas }}\n',
    'deploy.yaml': good,
  })
  const cases: readonly (readonly [string, RegExp])[] = [
    ['nowhere.yaml', /nowhere\.yaml\n  1:1 +error +unreadable\n +Cannot be read: there is no such file\./],
    ['broken.yaml', /broken\.yaml\n  \d:\d+ +error +syntax\n +Not understood: /],
    ['binary.yaml', /error +unreadable\n +This is no text in UTF-8\./],
    ['long.yaml', /error +too-large\n +Longer than 1048576 bytes: not read\./],
    ['template.yaml', /Skipped, since Helm has to fill it in first .*:\s+template\.yaml/s],
  ]
  for (const [file, says] of cases) t.match(await doctor([file], { cwd }), { code: 2, stdout: says }, file)
  // a template beside what is checked is no failure
  t.equal((await doctor(['template.yaml', 'deploy.yaml'], { cwd })).code, 0)
  // nor is what was only stumbled upon
  t.match(await doctor(['.'], { cwd }), {
    code: 0,
    stdout: /Could not be checked: binary\.yaml, broken\.yaml/,
  })
})

t.test('an empty file, or a program before the pipe that has failed, is exit code 2', async (t) => {
  const cwd = folder(t, { 'empty.yaml': ' \n', Dockerfile: '', 'deploy.yaml': good })
  const says = /1:1 +error +unreadable\n +It is empty: there is nothing to check in it\./
  t.match(await doctor(['empty.yaml'], { cwd }), { code: 2, stdout: says })
  t.match(await doctor(['-'], { cwd, stdin: '' }), { code: 2, stdout: says })
  // what was only stumbled upon may be empty
  t.match(await doctor(['.'], { cwd }), {
    code: 0,
    stdout: /^1 file checked: 0 errors, 0 warnings, 0 notes\nNothing is wrong with: deploy.yaml\n$/,
  })
})

t.test('a circle of links, a variable that is not set and UTF-16 are told from a missing file', async (t) => {
  const cwd = folder(t, { 'wide.yaml': Buffer.from('\ufeffkind: Pod\n', 'utf16le') })
  symlinkSync('circle.yaml', join(cwd, 'circle.yaml'))
  const cases: readonly (readonly [string, RegExp])[] = [
    ['circle.yaml', /Cannot be read: its symbolic links lead in a circle\./],
    ['', /^''\n.*\n +Cannot be read: there is no such file\./],
    ['wide.yaml', /This is no text in UTF-8, but in UTF-16/],
    ['a'.repeat(300), /Cannot be read: ENAMETOOLONG/],
  ]
  for (const [file, says] of cases)
    t.match(await doctor([file], { cwd }), { code: 2, stdout: says, stderr: '' }, file)
})

t.test('what has no clock is said to have none', async (t) => {
  const cwd = folder(t, { 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\ndata: { a: b, a: c }\n' })
  t.match(await doctor(['config.yaml'], { cwd }), {
    code: 0,
    stdout: '0 files checked: 0 errors, 0 warnings, 0 notes\nNothing in it has a clock: config.yaml\n',
  })
})

t.test('wrong usage is exit code 2, on stderr alone', async (t) => {
  const cwd = folder(t, { 'app.log': 'listening\n', 'deploy.yaml': good })
  const empty = folder(t, {})
  const cases: readonly (readonly [readonly string[], string, RegExp])[] = [
    [['--grace', 'long'], cwd, /It must be a whole number of ms, at least 100/],
    [['--grace', '50'], cwd, /at least 100/],
    [['--fail-on', 'note'], cwd, /Allowed choices are error, warning/],
    [
      ['--explain', 'app.log', 'deploy.yaml'],
      cwd,
      /no line of an app that was started with LASTCALL_EXPLAIN=1/,
    ],
    [['--explain', 'nowhere.log'], cwd, /there is no such file/],
    [['--explain', '-', '-'], cwd, /standard input can be read once/],
    [['--container', 'web', 'deploy.yaml'], cwd, /there is no container 'web', but: api/],
    [[], empty, /there is nothing to check here: no manifest of Kubernetes, no Dockerfile/],
    [['.'], empty, /there is nothing to check in \.: /],
  ]
  for (const [args, from, says] of cases)
    t.match(await doctor(args, { cwd: from }), { code: 2, stdout: '', stderr: says }, args.join(' '))
})
