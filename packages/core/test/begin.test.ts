import { messages } from '@lastcall/testing'
import t from 'tap'
import { startFixture } from './run-fixture.js'

t.jobs = 2

const begin = (how: string) => startFixture(t, 'begin', { args: [how] }).ended

t.test('begin with exit ends the process with the code of the report', async (t) => {
  const clean = await begin('exit')
  t.equal(clean.code, 0)
  t.strictSame(clean.lines, ['pool closed', 'stopped, exit code 0'])
  t.match(clean.reports, [{ reason: 'the queue is empty', verdict: 'clean' }])
  const failed = await begin('exit fails')
  t.equal(failed.code, 1)
  t.strictSame(failed.lines, ['pool closed', 'stopped, exit code 1'])
})

t.test('beginning again, with exit, changes nothing', async (t) => {
  const ended = await begin('exit twice')
  t.equal(ended.code, 0)
  t.match(ended.reports, [{ reason: 'the queue is empty' }])
  t.equal(ended.reports.length, 1)
})

t.test('a plain begin ends nothing and leaves the exit code alone', async (t) => {
  for (const how of ['plain', 'plain fails']) {
    const ended = await begin(how)
    t.equal(ended.code, 0)
    t.strictSame(ended.lines, [
      'pool closed',
      'stopped, exit code undefined',
      'still here, exit code undefined',
    ])
    t.equal(ended.reports[0]?.exitCode, how === 'plain' ? 0 : 1)
  }
})

t.test('exit: false: not even a signal ends the process or touches its exit code', async (t) => {
  const ended = await begin('signal without exit')
  t.equal(ended.code, 0)
  t.strictSame(ended.lines, [
    'pool closed',
    'stopped, exit code undefined',
    'still here, exit code undefined',
  ])
  t.match(ended.reports, [{ reason: 'SIGTERM', verdict: 'clean' }])
})

t.test('begin with exit, after a plain begin is over, ends the process', async (t) => {
  const ended = await begin('plain, then exit')
  t.equal(ended.code, 0)
  t.notOk(ended.lines.some((line) => line.startsWith('still here')))
  t.notOk(messages(ended).some((message) => message.includes('did not end by its deadline')))
})

t.test('begin with exit, after a plain begin failed, ends the process with 1', async (t) => {
  const ended = await begin('plain, then exit: fails')
  t.equal(ended.code, 1)
})

t.test('a begin in the same turn of the loop as a signal joins it', async (t) => {
  const program = startFixture(t, 'joins')
  await program.line('ready')
  program.signal('SIGTERM')
  const { code, reports } = await program.ended
  t.equal(code, 0)
  t.match(reports, [{ reason: 'SIGTERM', verdict: 'clean' }])
})

t.test('a begin some turns before a signal keeps its own reason, and the process still ends', async (t) => {
  const program = startFixture(t, 'joins', { args: ['earlier'] })
  await program.line('ready')
  program.signal('SIGUSR2')
  const { code, reports } = await program.ended
  t.equal(code, 0)
  t.match(reports, [{ reason: 'mine', verdict: 'clean' }])
})
