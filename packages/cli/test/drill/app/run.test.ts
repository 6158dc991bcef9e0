import t from 'tap'
import { startRun } from '#src/drill/app/run.js'
import type { Run } from '#src/drill/app/run.js'

// without NODE_OPTIONS, by which tap loads its own code into every child
const env = { PATH: process.env['PATH'] }

const node = (program: string): Run => startRun([process.execPath, '-e', program], env)

/** Resolves when the program has printed that it is up. */
async function up(run: Run): Promise<void> {
  while (!run.output().includes('up')) await new Promise(setImmediate)
}

t.test('a program that stops by itself tells its exit code and its last output', async (t) => {
  const run = node('console.log("on stdout"); console.error("on stderr"); process.exitCode = 3')
  t.match(await run.ended, { exitCode: 3, exitSignal: null, forced: false, ms: 0 })
  t.match(run.output(), 'on stdout')
  t.match(run.output(), 'on stderr')
})

t.test('a program that handles SIGTERM is given its time', async (t) => {
  const run = node(`
    const idle = setInterval(() => {}, 1000)
    process.on('SIGTERM', () => setTimeout(() => clearInterval(idle), 200))
    console.log('up')
  `)
  await up(run)
  const ending = await run.terminate(10_000)
  t.match(ending, { exitCode: 0, forced: false })
  t.ok(ending.ms >= 190)
})

t.test('a program that does not stop is stopped by force, not before the grace period is over', async (t) => {
  const run = node(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')`)
  await up(run)
  const ending = await run.terminate(300)
  t.match(ending, { exitCode: null, exitSignal: 'SIGKILL', forced: true })
  t.ok(ending.ms >= 300)
})

t.test('SIGTERM is repeated as often as asked, and not after the exit', async (t) => {
  const run = node(`
    let signals = 0
    const idle = setInterval(() => {}, 1000)
    process.on('SIGTERM', () => { console.log('signal'); if (++signals === 2) clearInterval(idle) })
    console.log('up')
  `)
  await up(run)
  const sent: number[] = []
  await run.terminate(10_000, { again: [50, 5_000], onSignal: (nth) => sent.push(nth) })
  t.strictSame(sent, [1, 2])
  t.equal(run.output(), 'up\nsignal\nsignal')
})

t.test('one can look at it after the exit, and before it is ended by force', async (t) => {
  const seen: unknown[] = []
  const clean = node(
    `process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000); console.log('up')`,
  )
  await up(clean)
  await clean.terminate(10_000, { afterExit: async (exit) => void seen.push(exit) })
  const deaf = node(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')`)
  await up(deaf)
  await deaf.terminate(100, {
    beforeForce: async () => void seen.push(deaf.pid && process.kill(deaf.pid, 0)),
    afterExit: async (exit) => void seen.push(exit),
  })
  t.strictSame(seen, [
    { exitCode: 3, exitSignal: null, forced: false },
    true,
    { exitCode: null, exitSignal: 'SIGKILL', forced: true },
  ])
})

t.test('a process that escaped with the output does not hold the end', async (t) => {
  const escape = `require('child_process').spawn('sleep', ['30'], { detached: true, stdio: 'inherit' }).unref()`
  const run = node(`${escape}; console.log('up'); setTimeout(() => process.exit(0), 50)`)
  t.match(await run.ended, { exitCode: 0 })
})

t.test('what a wrapper started ends with it', async (t) => {
  // The shell ends at SIGTERM; the program behind it never hears of it, and would hold the pipe for a minute.
  const program = 'console.log("up"); setTimeout(() => {}, 60000)'
  const run = startRun(['sh', '-c', `'${process.execPath}' -e '${program}'; true`], env)
  await up(run)
  t.match(await run.terminate(10_000), { exitSignal: 'SIGTERM', forced: false })
})

t.test('a program that cannot be started says why', async (t) => {
  const run = startRun(['/nowhere/at-all'], env)
  t.match(await run.ended, { error: { code: 'ENOENT' } })
})

t.test('only the end of a long output is kept', async (t) => {
  const run = node('for (let line = 1; line <= 5000; line++) console.log("line " + line)')
  await run.ended
  t.equal(run.output().split('\n').length, 20)
  t.ok(run.output().endsWith('line 5000'))
})
