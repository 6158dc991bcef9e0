import type { Program } from '@lastcall/testing'
import t from 'tap'
import { startFixture } from './run-fixture.js'

t.jobs = 2

async function finishInSteps(program: Program): Promise<readonly string[]> {
  await program.line('ready')
  program.signal('SIGTERM')
  await program.line('app draining')
  program.signal('SIGUSR2')
  await program.line('app is closing')
  program.signal('SIGUSR2')
  const { code, lines, reports } = await program.ended
  t.equal(code, 0)
  t.equal(reports.length, 2)
  return lines
}

t.test('a pool of the default instance closes after the app has drained and released', async (t) => {
  const lines = await finishInSteps(startFixture(t, 'two-instances'))
  t.strictSame(
    lines
      .slice(lines.indexOf('request finished'))
      // at one instant, in whatever order
      .filter((line) => line !== 'app stopped' && !line.endsWith(' releasing')),
    ['request finished', 'app is closing', 'app closed', 'pool closed', 'shared stopped'],
  )
})

t.test('control: on an instance of its own the pool closes under the app', async (t) => {
  const lines = await finishInSteps(startFixture(t, 'two-instances', { args: ['apart'] }))
  t.ok(lines.indexOf('pool closed') < lines.indexOf('app closed'))
  t.ok(
    lines.indexOf('request finished') < lines.indexOf('pool closed'),
    'yet nobody releases while one drains',
  )
})
