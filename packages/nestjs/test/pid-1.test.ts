import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startCommand } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { versions } from './frameworks.js'

const app = fileURLToPath(new URL('fixtures/app.js', import.meta.url))

/** As in a container: the first process of a PID namespace, for whom signals have no default action. */
async function startAsPid1(t: Test, args: readonly string[], settings: object) {
  const unshare = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child']
  const program = startCommand([...unshare, process.execPath, ...args, app], {
    env: { SETTINGS: JSON.stringify({ handle: true, ...settings }) },
  })
  t.teardown(() => program.child.kill('SIGKILL'))
  await program.line('listening')
  const { pid } = program.child
  const [inner] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return { program, stop: () => process.kill(Number(inner), 'SIGTERM') }
}

const options = { gracePeriodMs: 10_000, lameDuck: false, lastCall: false }
const needsLinux = process.platform === 'linux' ? {} : { skip: 'PID namespaces are of Linux' }

for (const { title, args } of versions) {
  t.test(`${title}: PID 1 exits 0 on SIGTERM although a handle is open`, needsLinux, async (t) => {
    const { program, stop } = await startAsPid1(t, args, { options })
    stop()
    const { code, stderr } = await program.ended
    t.equal(code, 0)
    t.match(stderr, /"verdict":"clean"/)
  })

  t.test(`${title}, control: Nest's own signal never ends PID 1`, needsLinux, async (t) => {
    const { program, stop } = await startAsPid1(t, args, { control: true })
    stop()
    await program.line('onApplicationShutdown')
    // Nest raises the signal again in the same turn: what is read from here on comes after it
    program.child.stdin.write('ping')
    await program.line('pong')
    t.equal(program.child.exitCode, null)
  })
}
