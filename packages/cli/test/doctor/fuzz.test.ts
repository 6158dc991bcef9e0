import * as fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { examineText } from './examine-text.js'

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
      { numRuns: 500 },
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
    { numRuns: 500 },
  )
  t.end()
})

t.test('any bytes, of a file of any name, are answered', (t) => {
  const names = fc.constantFrom('x.yaml', 'x.json', 'Dockerfile', 'x.service', 'package.json', '<stdin>')
  fc.assert(
    fc.property(names, fc.uint8Array({ maxLength: 300 }), (name, bytes) =>
      check(name, new TextDecoder().decode(bytes)),
    ),
    { numRuns: 500 },
  )
  t.end()
})
