import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { messages, type Program } from '@lastcall/testing'
import t from 'tap'
import { runUntilSignal, startFixture } from './run-fixture.js'

t.jobs = 2

const keptAlive = (code: number): string =>
  `everything is released, but Timeout keeps the process alive: exiting with ${code}. A participant should end it`

t.test('a stray interval is named, and the process ends with the code of the report', async (t) => {
  for (const { args, code } of [
    { args: ['tidy'], code: 0 },
    { args: ['fails'], code: 1 },
  ]) {
    const ended = await runUntilSignal(t, 'stray-interval', { args })
    t.equal(ended.code, code)
    const last = ended.log.at(-1)
    t.match(last, { level: 'warn', msg: keptAlive(code), exitCode: code })
    t.strictSame(last?.resources, { Timeout: 1 })
    t.ok(ended.tookMs < 2_000, `took ${ended.tookMs} ms`)
  }
})

t.test('control: without a stray interval nobody has to be ended', async (t) => {
  const ended = await runUntilSignal(t, 'worker')
  t.notOk(messages(ended).some((message) => message.includes('keeps the process alive')))
})

t.test('a shutdown that does not end by the deadline is ended, and what it waits for is named', async (t) => {
  const ended = await runUntilSignal(t, 'outlives')
  t.equal(ended.code, 1)
  // by the 1 500 ms of the one, not the 20 000 ms of the other
  t.ok(ended.tookMs < 5_000, `took ${ended.tookMs} ms`)
  t.match(ended.log.at(-1), {
    level: 'error',
    msg: 'the shutdown did not end by its deadline, exiting with 1',
    pending: ['phase draining', /^hold 'job' no\. 7, \d+ ms old$/],
  })
})

t.test('what falls due before the deadline comes first, however late the loop is', async (t) => {
  const ended = await runUntilSignal(t, 'busy-deadline')
  t.equal(ended.code, 1)
  t.match(ended.report, { verdict: 'forced', participants: { items: [{ name: 'pool', cut: true }] } })
})

const size = 2 * 1024 * 1024

t.test('what was written to a pipe arrives whole, even after a forced exit', async (t) => {
  const program = startFixture(t, 'flush', { paused: true })
  await program.line('ready')
  program.signal('SIGTERM')
  await program.line('written')
  t.equal((await text(program.child.stdout)).length, size)
  t.equal((await program.ended).code, 0)
})

/** Takes longer than whoever reads nothing would be given. */
async function readSlowly({ child }: Program): Promise<number> {
  let length = 0
  for await (const chunk of child.stdout) {
    length += String(chunk).length
    await setTimeout(80)
  }
  return length
}

t.test('however slowly it is read, as long as there is time', async (t) => {
  const program = startFixture(t, 'flush', { paused: true })
  await program.line('ready')
  program.signal('SIGTERM')
  await program.line('written')
  t.equal(await readSlowly(program), size)
  t.equal((await program.ended).code, 0)
})

t.test('a slow reader of the last lines is not taken for what keeps the process alive', async (t) => {
  const program = startFixture(t, 'flush', { args: ['clean'], paused: true })
  await program.line('ready')
  program.signal('SIGTERM')
  await program.line('written')
  t.equal(await readSlowly(program), size)
  const { code, stderr } = await program.ended
  t.equal(code, 0)
  t.equal(stderr, 'ready\nwritten\n')
})

t.test('control: process.exit truncates it', async (t) => {
  const program = startFixture(t, 'flush', { args: ['control'], paused: true })
  await program.line('ready')
  program.signal('SIGUSR2')
  await program.line('written')
  await program.exited
  t.ok((await text(program.child.stdout)).length < size)
})

t.test('a reader who never reads cannot keep the process', async (t) => {
  const program = startFixture(t, 'flush', { paused: true })
  await program.line('ready')
  program.signal('SIGTERM')
  t.equal((await program.exited).code, 0)
  await text(program.child.stdout)
})
