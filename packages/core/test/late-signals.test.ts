import t, { type Test } from 'tap'
import { startFixture } from './run-fixture.js'

t.jobs = 2

/** Sends SIGTERM without a pause from the first to the end of the process, and says how it ended. */
async function hammer(t: Test, name: string, args: readonly string[] = []): Promise<string> {
  const { child, line, ended } = startFixture(t, name, { args })
  await line('ready')
  while (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { code, signal } = await ended
  return signal ?? `exit code ${code}`
}

/** The moment in question is some ms long, and missed now and then. */
async function hammerOften(t: Test, name: string, args?: readonly string[]): Promise<Set<string>> {
  const ends = new Set<string>()
  for (let run = 0; run < 30; run += 1) ends.add(await hammer(t, name, args))
  return ends
}

t.test('a SIGTERM while the process ends does not end it by the signal', async (t) => {
  t.strictSame(await hammerOften(t, 'worker'), new Set(['exit code 0']))
})

t.test('nor when it ends with a failing code, or is ended by the guardian', async (t) => {
  t.strictSame(await hammerOften(t, 'stray-interval', ['fails']), new Set(['exit code 1']))
})

t.test('control: Node itself does not hear signals any more while it ends', async (t) => {
  t.ok((await hammerOften(t, 'plain-end')).has('SIGTERM'))
})

t.test('listeners of the end are all called, also one that is added late', async (t) => {
  const program = startFixture(t, 'listens-to-exit')
  await program.line('ready')
  program.signal('SIGTERM')
  const { code, lines } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines.slice(-4), ['the loop is empty', 'work again', 'the loop is empty', 'exit 0'])
})
