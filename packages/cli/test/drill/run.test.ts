import t from 'tap'
import { startRun } from '#src/drill/run.js'
import type { Run } from '#src/drill/run.js'

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

t.test('what a wrapper started ends with it', async (t) => {
  // The shell ends at SIGTERM; the program behind it never hears of it, and would hold the pipe for a minute.
  const program = 'console.log("up"); setTimeout(() => {}, 60000)'
  const run = startRun(['sh', '-c', `'${process.execPath}' -e '${program}'; true`], env)
  await up(run)
  const ending = await run.terminate(300)
  t.match(ending, { forced: true })
  t.ok(ending.ms < 30_000)
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
