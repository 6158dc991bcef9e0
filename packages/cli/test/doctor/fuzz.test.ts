import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { examine } from '#src/doctor/examine.js'
import { formatJson } from '#src/doctor/format/json.js'
import { formatText } from '#src/doctor/format/text.js'
import { formatMs, parseDuration } from '#src/doctor/parse/duration.js'
import { createText } from '#src/doctor/parse/text.js'
import { readExplanation } from '#src/doctor/read-explanation.js'
import { dependsOnLastCall } from '#src/doctor/workloads/package-json.js'
import { createDraft, readText } from '#src/doctor/workloads/read-text.js'
import { quoteWord, readShell, splitWords } from '#src/doctor/workloads/shell.js'
import { examineText } from './examine-text.js'

/** More than a test needs: `FUZZ_RUNS=50000`. Seeds are new each time, and a failure prints its own. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 500)
t.setTimeout(numRuns * 200)

/** Whatever is read, there is an answer, and each finding can be shown. */
function check(file: string, content: string): void {
  const { outcome, findings } = examineText(file, content)
  if (!['checked', 'template', 'unknown'].includes(outcome)) throw new Error(outcome)
  const lines = content.split('\n').length
  for (const { at, message, severity } of findings) {
    if (at.file !== file || at.line < 1 || at.line > lines || at.column < 1)
      throw new Error(JSON.stringify(at))
    if (message === '' || !['error', 'warning', 'note'].includes(severity)) throw new Error(message)
  }
  const report = { files: [{ file, outcome }], findings, isCut: false }
  JSON.parse(formatJson(report, 0))
  // what a file says must not reach a terminal as anything but text
  // oxlint-disable-next-line no-control-regex -- these are what must not get through
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(formatText(report)))
    throw new Error('control')
}

const probe = {
  httpGet: { path: '/readyz', port: 'http' },
  periodSeconds: 2,
  timeoutSeconds: 1,
  failureThreshold: 2,
}
const documents: Readonly<Record<string, unknown>> = {
  'deploy.yaml': {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'orders', namespace: 'shop' },
        spec: {
          replicas: 1,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%', maxSurge: 0 } },
          template: {
            metadata: { labels: { app: 'orders' } },
            spec: {
              terminationGracePeriodSeconds: 20,
              volumes: [{ persistentVolumeClaim: { claimName: 'x' } }],
              containers: [
                {
                  name: 'api',
                  image: 'node:22',
                  command: ['sh', '-c', 'npm start'],
                  args: [],
                  env: [{ name: 'LASTCALL_GRACE_PERIOD_MS', value: '30000' }],
                  ports: [{ name: 'http', containerPort: 3000 }],
                  lifecycle: {
                    stopSignal: 'SIGQUIT',
                    preStop: { exec: { command: ['sh', '-c', 'sleep 5; x'] } },
                  },
                  readinessProbe: probe,
                  livenessProbe: probe,
                },
              ],
            },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'orders', namespace: 'shop' },
        spec: { selector: { app: 'orders' }, publishNotReadyAddresses: true, clusterIP: '10.0.0.1' },
      },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'orders', namespace: 'shop' },
        spec: { minAvailable: '50%', selector: { matchLabels: { app: 'orders' } } },
      },
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { namespace: 'shop' },
        spec: { minReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'orders' } },
      },
    ],
  },
  'compose.yaml': {
    services: {
      api: {
        image: 'node:22',
        build: '.',
        entrypoint: ['tini', '--'],
        command: 'npm start',
        init: true,
        restart: 'always',
        labels: ['traefik.enable=true'],
        ports: ['80:3000/tcp', { target: 80 }],
        environment: { LASTCALL_GRACE_PERIOD_MS: 20_000 },
        healthcheck: { interval: '1s', timeout: '1m30s', retries: 3, disable: false },
        stop_signal: 'SIGKILL',
        stop_grace_period: '1m',
        deploy: { restart_policy: {} },
      },
      web: { image: 'node', environment: ['A=B', 'C'], ports: ['80'] },
    },
  },
  'taskdef.json': {
    taskDefinition: {
      family: 'shop',
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [
        {
          name: 'api',
          image: 'node:22',
          entryPoint: ['sh', '-c'],
          command: ['node server.js'],
          stopTimeout: 200,
          environment: [{ name: 'A', value: 'b' }],
          portMappings: [{ containerPort: 80 }],
          linuxParameters: { initProcessEnabled: true },
        },
      ],
    },
  },
  'package.json': { scripts: { start: 'nodemon server.js', 'start:prod': 'a && node b' } },
}

const unit =
  '[Unit]\nDescription=x\n[Service]\nEnvironment=A=b "C=d e"\nExecStart=/bin/sh -c "node \\\n a.js"\nKillMode=none\nTimeoutStopSec=1min 30s\nKillSignal=SIGHUP\n'
const dockerfile =
  'ARG A=22\nFROM node:${A} AS a\nSHELL ["bash", "-c"]\nENV A=b C="d e"\nENTRYPOINT ["tini", "--"]\nFROM a\nCMD npm \\\n start\nSTOPSIGNAL 9\n'
const texts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(documents).map(([name, value]) => [name, stringify(value)])),
  'x.service': unit,
  Dockerfile: dockerfile,
}

/** Everywhere in a value, as the keys that lead there. */
function paths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [path, ...children.flatMap(([key, child]) => paths(child, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other
  const copy = structuredClone(value) as Record<string, unknown>
  copy[key] = replaced(copy[key], rest, other)
  return copy
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER,
    '100%',
    '-5%',
    '${X}',
    [],
    {},
    [null],
    [[]],
    'sh -c "',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

for (const [name, document] of Object.entries(documents)) {
  t.test(`${name}: any value at any place is answered`, (t) => {
    const places = paths(document)
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, fc.boolean(), (path, value, asJson) => {
        const changed = replaced(document, path, value)
        check(name, asJson ? JSON.stringify(changed, null, 1) : stringify(changed))
      }),
      { numRuns },
    )
    t.end()
  })
}

t.test('texts that end anywhere, and with anything in them, are answered', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.entries(texts)),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom('\r\n', '\t', '{{', '&a', '*a', '<<: ', '\u0000', '- ', '"', '\\'),
      ),
      ([name, text], cutAt, at, piece) => {
        const cut = text.slice(0, Math.ceil(text.length * cutAt))
        const middle = Math.floor(cut.length * at)
        check(name, cut)
        check(name, cut.slice(0, middle) + piece + cut.slice(middle))
        check(name, text.replaceAll('\n', '\r\n').slice(0, Math.ceil(text.length * cutAt)))
      },
    ),
    { numRuns },
  )
  t.end()
})

t.test('any bytes, of a file of any name, are answered', (t) => {
  const names = fc.constantFrom('x.yaml', 'x.json', 'Dockerfile', 'x.service', 'package.json', '<stdin>')
  fc.assert(
    fc.property(names, fc.uint8Array({ maxLength: 300 }), (name, bytes) =>
      check(name, new TextDecoder().decode(bytes)),
    ),
    { numRuns },
  )
  t.end()
})

const explained = {
  msg: 'the budget',
  explain: {
    platform: 'kubernetes',
    values: Object.fromEntries(
      ['gracePeriodMs', 'releaseMs', 'lameDuck.minMs', 'lameDuck.maxMs', 'lastCall.maxMs', 'cancelMs'].map(
        (name) => [name, { ms: 5_000, from: 'option' }],
      ),
    ),
  },
}

t.test('an explanation with any value at any place is one or none', (t) => {
  const places = paths(explained)
  const model = createDraft()
  readText(createText('deploy.yaml', stringify(documents['deploy.yaml'])), model, () => {})
  fc.assert(
    fc.property(fc.constantFrom(...places), anything, fc.string({ maxLength: 20 }), (path, value, prefix) => {
      const line = `${prefix} ${JSON.stringify(replaced(explained, path, value))}${prefix}`
      const explanation = readExplanation(line)
      examine(model, { usesLastCall: true, explanation }, [])
    }),
    { numRuns },
  )
  t.end()
})

t.test('what package.json depends on is answered for any text', (t) => {
  fc.assert(
    fc.property(anything, fc.string({ maxLength: 20 }), (value, text) => {
      const manifest = { dependencies: value, devDependencies: { [text]: value } }
      const expected = text.startsWith('@lastcall/')
      if (dependsOnLastCall(JSON.stringify(manifest)) !== expected && typeof value !== 'object')
        throw new Error(text)
      dependsOnLastCall(JSON.stringify(value) ?? text)
      dependsOnLastCall(text)
    }),
    { numRuns },
  )
  t.end()
})

t.test('any words are quoted so that they are read as they were', (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 5 }), (words) => {
      const text = words.map(quoteWord).join(' ')
      assert.deepEqual(splitWords(text), words)
      assert.deepEqual(readShell(text).commands, words.length === 0 ? [] : [words])
    }),
    { numRuns },
  )
  t.end()
})

t.test('any text is a shell script of as many commands as operators, and a duration or none', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const { commands, operators } = readShell(text)
      if (commands.length !== operators.length || commands.some((words) => words.length === 0))
        throw new Error(text)
      const ms = parseDuration(text, 1_000)
      if (ms !== undefined && !(Number.isFinite(ms) && ms >= 0 && formatMs(ms) !== '')) throw new Error(text)
    }),
    { numRuns },
  )
  t.end()
})
