import { chmodSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ask, startCommand, startProgram, type Output, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { example } from '#src/example.js'

t.test('while it warms up it lives, is not ready, and can be stopped', async (t) => {
  const program = startShop(t, { WARM_UP_MS: '3600000' })
  const port = await program.port()
  t.equal((await ask({ port }, '/livez')).status, 200)
  t.equal((await ask({ port }, '/readyz')).status, 503)
  program.signal('SIGTERM')
  t.match((await program.ended).report, { verdict: 'clean' })
})

t.test('warm, it is ready, answers, and ends cleanly', async (t) => {
  const program = startShop(t)
  const port = await program.port()
  await untilReady(port)
  t.match(await ask({ port }, '/'), { status: 200, body: '["espresso","ristretto"]' })
  program.signal('SIGTERM')
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
})

t.test(
  'the hook of prestop-admin returns when it is drained, and the signal that follows ends it',
  async (t) => {
    const program = startShop(t, { ADMIN_PORT: '0' })
    const port = await program.port()
    await untilReady(port)
    const hook = await startCommand(hookOf('prestop-admin', await program.port('admin on'))).ended
    t.equal(hook.code, 0)
    t.ok(program.lines().some((line) => line.includes('"phase":"draining"')))
    program.signal('SIGTERM')
    const { code, report } = await program.ended
    t.equal(code, 0)
    t.match(report, { verdict: 'clean' })
  },
)

t.test('control: with CONTROL=1 the signal closes its server, and that is all', async (t) => {
  const program = startShop(t, { CONTROL: '1' })
  await untilReady(await program.port())
  program.signal('SIGTERM')
  t.match(await program.ended, { code: 0, signal: null, reports: [] })
})

t.test('roll.js says what is missing', async (t) => {
  const KUBECONFIG = join(t.testdir({ config: '' }), 'config')
  const says = async (text: string, args: readonly string[], env: Record<string, string>): Promise<void> => {
    t.match(await roll(args, env), { code: 2, stdout: '', stderr: text })
  }
  const url = ['--url', 'http://127.0.0.1:1']
  await says('--url is missing', [], { KUBECONFIG })
  await says('speak no TLS', ['--url', 'https://shop.example'], { KUBECONFIG })
  await says('a number from 1 on', [...url, '--restarts', 'many'], { KUBECONFIG })
  await says('KUBECONFIG is not set', url, {})
  await says('there is no file /nowhere', url, { KUBECONFIG: '/nowhere' })
  await says('kubectl was not found', url, { KUBECONFIG, PATH: t.testdirName })
})

t.test('roll.js counts no loss where there is none', async (t) => {
  const program = startShop(t)
  const port = await program.port()
  await untilReady(port)
  const { code, stdout } = await rollWith(t, { port, onRestart: 'true' })
  t.equal(code, 0)
  t.match(stdout, /^restart 1: 2 pods replaced, 0 requests lost so far$/m)
  t.match(stdout, /^0 of \d+ requests were lost$/m)
})

t.test('control: it counts what an app loses that a restart kills', async (t) => {
  const program = startShop(t)
  const port = await program.port()
  await untilReady(port)
  const { code, stdout } = await rollWith(t, { port, onRestart: `kill -9 ${program.child.pid}` })
  t.equal(code, 1)
  t.match(stdout, /^[1-9]\d* of \d+ requests were lost: .*reset [1-9]/m)
})

t.test('it restarts nothing where requests are lost already', async (t) => {
  const { code, stdout, stderr } = await rollWith(t, { port: 1, onRestart: 'exit 1' })
  t.equal(code, 2)
  t.match(stderr, 'requests were lost before a restart')
  t.notMatch(stdout, 'pods replaced')
})

function startShop(t: Test, env: Readonly<Record<string, string>> = {}): Program {
  return startProgram(t, [example('kubernetes/server.js')], {
    env: { PORT: '0', WARM_UP_MS: '0', ...env },
  })
}

async function untilReady(port: number): Promise<void> {
  while ((await ask({ port }, '/readyz')).status !== 200);
}

/** The command that the kubelet runs, for an admin server on another port. */
function hookOf(overlay: string, port: number): readonly string[] {
  const text = readFileSync(example(`kubernetes/overlays/${overlay}/deployment.yaml`), 'utf8')
  const [container] = parse(text).spec.template.spec.containers
  return container.lifecycle.preStop.exec.command.map((part: string) => part.replace('9090', String(port)))
}

function roll(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Output> {
  return startCommand([process.execPath, example('kubernetes/roll.js'), ...args], { env }).ended
}

interface Cluster {
  readonly port: number
  /** A command of the shell. */
  readonly onRestart: string
}

/** By a `kubectl` that knows a deployment of two pods, whose names it goes on listing only by their label. */
function rollWith(t: Test, { port, onRestart }: Cluster): Promise<Output> {
  const kubectl = `#!/bin/sh
case "$*" in
  *current-context) echo test ;;
  *'get deployment orders'*) echo '{"spec":{"selector":{"matchLabels":{"app":"orders"}}}}' ;;
  *'-l app=orders'*) printf 'pod/a\\npod/b\\n' ;;
  *'rollout restart'*) ${onRestart} ;;
esac
`
  const folder = t.testdir({ config: '', kubectl })
  chmodSync(join(folder, 'kubectl'), 0o755)
  return roll(['--url', `http://127.0.0.1:${port}`, '--restarts', '1'], {
    KUBECONFIG: join(folder, 'config'),
    PATH: [folder, process.env['PATH']].join(delimiter),
  })
}
