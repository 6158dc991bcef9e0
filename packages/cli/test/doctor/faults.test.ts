import t from 'tap'
import { codesOf, examineText } from './examine-text.js'

const kill = (value: string, more = ''): string =>
  `services:\n  api:\n    image: node:22\n    command: node server.js\n    stop_signal: ${value}\n${more}`

t.test('a value of the wrong type is named with what is due, and the rest is read', (t) => {
  const { findings } = examineText(
    'deploy.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: orders
spec:
  replicas: many
  template:
    spec:
      terminationGracePeriodSeconds: [30]
      containers:
        - name: api
          image: node:22
          ports: 3000
          readinessProbe: null
          livenessProbe: yes please
          lifecycle: { preStop: { sleep: { seconds: 40 } } }
        - just a text
`,
  )
  t.strictSame(
    findings.map(({ at, code, message }) => `${at.line}:${at.column} ${code} ${message}`),
    [
      "3:11 wrong-type Expected a map, found 'orders'.",
      "5:13 wrong-type Expected a number, found 'many'.",
      '8:38 wrong-type Expected a number, found a list.',
      '10:11 command-unknown Cannot tell whether the signal reaches node: the command of unnamed/api comes from the image, whose Dockerfile can be checked along with this file.',
      "12:18 wrong-type Expected a list, found '3000'.",
      "14:26 wrong-type Expected a map, found 'yes please'.",
      '15:33 prestop-over-grace The preStop hook of unnamed/api takes all of the grace period, so the app has no time of its own.',
      "16:11 wrong-type Expected a map, found 'just a text'.",
    ],
  )
  t.end()
})

t.test('a list where a map is due, and an empty file, are no reason to stop', (t) => {
  for (const content of ['', '\n', '# nothing\n', '[]', 'null', '5', '- apiVersion: v1\n', '---\n---\n'])
    t.strictSame(examineText('x.yaml', content), { outcome: 'unknown', findings: [] }, content)
  t.strictSame(codesOf('x.yaml', 'apiVersion: apps/v1\nkind: Deployment\nspec: []\n'), ['3:7 wrong-type'])
  t.strictSame(codesOf('x.yaml', 'services:\n  api: { image: node }\n  web: text\n'), [
    '2:8 command-unknown',
    '3:8 wrong-type',
  ])
  t.end()
})

t.test('several documents, one of them broken: the others are read', (t) => {
  const content = `${kill('SIGKILL')}---\na: [\n---\n${kill('SIGKILL')}`
  t.strictSame(codesOf('x.yaml', content), ['5:18 stop-signal', '8:1 syntax', '13:18 stop-signal'])
  t.end()
})

t.test('CRLF, a tab in JSON and comments move no line', (t) => {
  t.strictSame(codesOf('x.yaml', kill('SIGKILL').replaceAll('\n', '\r\n')), ['5:18 stop-signal'])
  t.strictSame(codesOf('Dockerfile', 'FROM node:22\r\n# why\r\nCMD npm start\r\n'), ['3:1 signal-wrapper'])
  t.strictSame(codesOf('a.service', '[Service]\r\nExecStart=/usr/bin/node a.js\r\nKillMode=none\r\n'), [
    '3:1 kill-mode',
  ])
  const json =
    '{\n\t"containerDefinitions": [\n\t\t{ "name": "api", "image": "node:22",\t"command": ["npm", "start"] }\n\t]\n}\n'
  t.strictSame(codesOf('taskdef.json', json), ['3:51 signal-wrapper'])
  t.end()
})

t.test('a key that is there twice is said, and the last one counts', (t) => {
  t.strictSame(codesOf('x.yaml', kill('SIGTERM', '    stop_signal: SIGKILL\n')), [
    '6:5 duplicate-key',
    '6:18 stop-signal',
  ])
  t.end()
})

t.test('aliases and merges count where they are used', (t) => {
  const content = `x-base: &base { image: 'node:22', command: npm start, stop_signal: SIGTERM }
x-kill: &kill { stop_signal: SIGKILL }
services:
  one: *base
  two: { <<: [*kill, *base] }
  three: { <<: *base, stop_signal: SIGKILL }
`
  t.strictSame(codesOf('x.yaml', content), [
    '1:44 signal-wrapper',
    '1:44 signal-wrapper',
    '1:44 signal-wrapper',
    '2:30 stop-signal',
    '6:36 stop-signal',
  ])
  t.end()
})

t.test('what goes in circles, multiplies or never ends is got over', (t) => {
  const circle =
    'services: &s\n  api: &a { <<: *a, image: node, command: npm start, deploy: *s }\n  web: *s\n'
  t.ok(codesOf('x.yaml', circle).includes('2:43 signal-wrapper'))
  const bomb = Array.from({ length: 40 }, (_, at) => `l${at}: &l${at} [${`*l${at - 1}, `.repeat(9)}]`)
  t.strictSame(
    codesOf('x.yaml', `l-1: &l-1 []\n${bomb.join('\n')}\n${kill('SIGKILL')}`).at(-1),
    '46:18 stop-signal',
  )
  const merges = Array.from(
    { length: 40 },
    (_, at) => `m${at}: &m${at} { <<: [${`*m${at - 1}, `.repeat(9)}] }`,
  )
  t.ok(
    codesOf(
      'x.yaml',
      `m-1: &m-1 { image: node }\n${merges.join('\n')}\nservices: { a: { <<: *m39, build: . } }\n`,
    ),
  )
  for (const deep of ['[', '{a: ', '- ', '"a": {', '&a ']) t.ok(examineText('x.yaml', deep.repeat(10_000)))
  t.end()
})

t.test('long lines of what a careless pattern would try again and again are got over', (t) => {
  const long = 10_000
  const pieces = [' ', '\n', '{{ ', '\\\n', '$', '"', "'", '1', '=', '<<', '; ', '&&', 'x: ', '\t', '[']
  for (const name of ['x.yaml', 'Dockerfile', 'x.service', 'package.json', 'x'])
    for (const piece of pieces) t.ok(examineText(name, piece.repeat(long / piece.length)))
  const wrapped = (value: string): string =>
    `services:\n  a:\n    image: node\n    ports: [${value}]\n    command: ${value}\n    stop_grace_period: ${value}\n`
  for (const piece of ['1', '1/', '1s', 'a/', '-', ';'])
    t.ok(examineText('x.yaml', wrapped(`'${piece.repeat(long / piece.length)}'`)))
  t.ok(examineText('Dockerfile', `FROM node\n${'ENV a=b\n'.repeat(1_000)}CMD npm start\n`))
  t.end()
})

t.test('a template is skipped, and what only looks like one is not', (t) => {
  const outcome = (content: string): string => examineText('x.yaml', content).outcome
  t.equal(outcome('{{- range .Values.apps }}\nkind: Deployment\n{{- end }}\n'), 'template')
  t.equal(outcome('replicas: {{ replicas }}\n'), 'template')
  const configMap =
    "apiVersion: v1\nkind: ConfigMap\ndata:\n  rules: |\n    summary: {{ $labels.pod }} is '{{ value }}'\n"
  t.equal(outcome(`${configMap}---\n${kill('SIGKILL')}`), 'checked')
  t.end()
})

t.test('values that somebody else fills in are neither wrong nor judged', (t) => {
  const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: \${REPLICAS}
  template:
    spec:
      terminationGracePeriodSeconds: \${GRACE}
      containers:
        - { name: api, image: 'node:22', command: [node, a.js], env: [{ name: LASTCALL_GRACE_PERIOD_MS, value: $GRACE_MS }] }
`
  t.strictSame(codesOf('x.yaml', manifest), [])
  t.strictSame(codesOf('x.yaml', kill('${SIGNAL:-SIGTERM}', '    stop_grace_period: ${GRACE}\n')), [])
  t.strictSame(codesOf('x.yaml', kill('SIGTERM', '    stop_grace_period: soon\n')), ['6:24 wrong-type'])
  t.end()
})

t.test('a placeholder in capitals where a number is due is not judged', (t) => {
  const manifest = (port: string): string =>
    `apiVersion: v1\nkind: Pod\nspec: { containers: [{ name: api, image: a, ports: [{ containerPort: ${port} }] }] }\n`
  t.notOk(codesOf('x.yaml', manifest('PORT')).some((code) => code.endsWith('wrong-type')))
  t.ok(codesOf('x.yaml', manifest('many')).some((code) => code.endsWith('wrong-type')))
  t.end()
})

t.test('yes and no are booleans to Kubernetes and Compose', (t) => {
  const service = (value: string): string =>
    `apiVersion: v1\nkind: Service\nspec: { selector: { app: a }, publishNotReadyAddresses: ${value} }\n`
  for (const value of ['yes', 'Off', 'true']) t.strictSame(codesOf('x.yaml', service(value)), [], value)
  t.strictSame(codesOf('x.yaml', service('maybe')), ['3:57 wrong-type'])
  t.end()
})

t.test('a return alone at the end of a package.json is no fault', (t) => {
  t.strictSame(codesOf('package.json', '{\n  "scripts": { "start": "nodemon a.js" }\n}\r'), [
    '2:25 start-script',
  ])
  t.end()
})

t.test('images that are called after node are of Node, and calico/node is not', (t) => {
  const pod = (image: string): readonly string[] =>
    examineText(
      'x.yaml',
      `apiVersion: v1\nkind: Pod\nspec: { terminationGracePeriodSeconds: 5, containers: [{ name: api, image: '${image}' }] }\n`,
    ).findings.flatMap(({ code, severity }) => (code === 'budget-over-grace' ? severity : []))
  for (const image of [
    'node:24',
    'gcr.io/distroless/nodejs22-debian12:nonroot@sha256:0',
    'registry.access.redhat.com/ubi9/nodejs-20-minimal',
    'mhart/alpine-node:16',
  ])
    t.strictSame(pod(image), ['warning'], image)
  for (const image of ['quay.io/calico/node:v3', 'prom/node-exporter', 'shop/cart'])
    t.strictSame(pod(image), image === 'shop/cart' ? ['note'] : [], image)
  t.end()
})

t.test('a grace period from a secret is not guessed', (t) => {
  const manifest = (env: string): string => `apiVersion: v1
kind: Pod
spec:
  terminationGracePeriodSeconds: 20
  containers: [{ name: api, image: 'node:22', command: [node, a.js], env: [${env}] }]
`
  t.strictSame(codesOf('x.yaml', manifest('')), ['4:34 budget-over-grace'])
  const secret = '{ name: LASTCALL_GRACE_PERIOD_MS, valueFrom: { secretKeyRef: { name: a, key: b } } }'
  t.strictSame(codesOf('x.yaml', manifest(secret)), [])
  t.end()
})

t.test('a variable of Node makes no app of nginx, and one of a strange image', (t) => {
  const api = (image: string): string =>
    `services: { api: { image: '${image}', environment: [NODE_ENV=production], stop_signal: SIGQUIT } }\n`
  t.strictSame(codesOf('x.yaml', api('nginx:1.27')), [])
  t.ok(codesOf('x.yaml', api('registry.example/redis-api')).some((code) => code.endsWith('stop-signal')))
  t.strictSame(codesOf('x.yaml', api('registry.example/redis-api').replace('NODE_ENV', 'A')), [])
  t.end()
})

t.test('programs that are named like what every object has are programs', (t) => {
  for (const name of ['constructor', '__proto__', 'toString'])
    t.strictSame(codesOf('Dockerfile', `FROM node:22\nCMD ["${name}", "node", "--watch"]\n`), [])
  t.strictSame(codesOf('Dockerfile', 'FROM node:22\nCMD ["node", "server.js", "--watch"]\n'), [])
  t.strictSame(codesOf('Dockerfile', 'FROM node:22\nCMD ["env", "A=b", "node", "--watch", "server.js"]\n'), [
    '2:1 signal-wrapper',
  ])
  t.end()
})

t.test('a CMD in single quotes is no JSON', (t) => {
  const { findings } = examineText('Dockerfile', "FROM node:22\nCMD ['node', 'server.js']\n")
  t.match(findings, [{ code: 'bad-value', severity: 'error', fix: 'CMD ["node", "server.js"]' }])
  t.equal(findings.length, 1)
  t.end()
})

t.test('lists in lists are read to a depth that nobody needs', (t) => {
  const list = (depth: number): string =>
    depth === 0
      ? '{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","spec":{"maxUnavailable":0}}'
      : `{"apiVersion":"v1","kind":"List","items":[${list(depth - 1)}]}`
  t.equal(codesOf('x.json', list(3)).length, 1)
  t.equal(codesOf('x.json', list(50)).length, 0)
  t.end()
})
