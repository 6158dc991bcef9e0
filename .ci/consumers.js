// consumers.js TARBALL…: installs the tarballs as a stranger would, by npm and outside the workspace, beside the apps in
// `consumers`. Each is built and started, and gets SIGTERM while a request is in flight: that is answered, and the exit code is 0.
// The app without Last Call must not manage that, or nobody could tell.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

const control = 'without'
const order = ['{"order":', '4711}']

const tarballs = process.argv.slice(2).map((file) => resolve(file))
const room = mkdtempSync(join(tmpdir(), 'consumers-'))
try {
  const apps = new URL('consumers', import.meta.url)
  cpSync(apps, room, { recursive: true })
  const options = ['--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  step('npm install', () => run('npm', ['install', ...options, ...tarballs]))
  step('npx lastcall --help', () => run('npx', ['--no', 'lastcall', '--help']))
  step('npx lastcall doctor', () => run('npx', ['--no', 'lastcall', 'doctor', 'compose.yaml']))
  for (const entry of readdirSync(apps, { withFileTypes: true })) {
    if (entry.isDirectory()) await tryApp(entry.name)
  }
} finally {
  rmSync(room, { recursive: true, force: true })
}

async function tryApp(name) {
  const folder = join(room, name)
  const { description, scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  console.log(`${name}: ${description}`)
  if (scripts?.build) step('  build', () => run('npm', ['run', '--silent', 'build'], folder))

  const { answer, code, signal, output } = await stopInFlight(folder)
  console.log(`  answer ${answer}, ${signal ? `ended by ${signal}` : `exit code ${code}`}`)
  const isGraceful = answer === order.join('') && code === 0
  if (isGraceful === (name !== control)) return
  console.error(
    `${output}\n  ${name} was expected ${name === control ? 'to lose the request' : 'to be graceful'}`,
  )
  process.exitCode = 1
}

/** Half of a body is sent, then SIGTERM, and the other half when the shutdown has come to last call or the process is gone. */
async function stopInFlight(cwd) {
  const env = { PATH: process.env.PATH }
  const app = spawn(process.execPath, ['.'], { cwd, env, timeout: 60_000, killSignal: 'SIGKILL' })
  const exited = once(app, 'exit')
  const output = []
  const said = listen(app, output)
  const [, port] = await Promise.race([said(/listening .*:(\d+)/i), exited.then(() => [])])
  if (port === undefined) throw new Error(`${cwd} did not start\n${output.join('')}`)

  const client = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  })
  const answered = once(client, 'response')
    .then(([response]) => text(response))
    .catch((err) => err.code)
  client.flushHeaders()
  await once(client, 'continue')
  client.write(order[0])
  app.kill('SIGTERM')
  await Promise.race([said(/last-call/), exited])
  client.end(order[1])
  const [answer, [code, signal]] = await Promise.all([answered, exited])
  return { answer, code, signal, output: output.join('') }
}

/** Collects what it says, and returns what waits for a match in that, past or to come. */
function listen({ stdout, stderr }, output) {
  let look = () => {}
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output.push(chunk)
      look()
    })
  }
  return (pattern) =>
    new Promise((found) => {
      look = () => {
        const match = pattern.exec(output.join(''))
        if (match) found(match)
      }
      look()
    })
}

function step(title, work) {
  const start = performance.now()
  work()
  console.log(`${title} (${((performance.now() - start) / 1_000).toFixed(1)} s)`)
}

function run(command, args, cwd = room) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
}
