import t from 'tap'
import { runUntilSignal } from './run-fixture.js'

t.jobs = 2

for (const { when, set, code, title } of [
  { when: 'never', set: 3, code: 0, title: 'control: 0 if the app sets none and everything finished' },
  { when: 'never fails', set: 3, code: 1, title: 'control: 1 if the app sets none and something failed' },
  { when: 'running', set: 3, code: 3, title: 'one that the app had set survives a clean shutdown' },
  { when: 'running', set: 0, code: 0, title: 'a 0 that the app had set does, too' },
  { when: 'running fails', set: 0, code: 1, title: 'a 0 does not hide that something failed' },
  { when: 'running fails', set: 3, code: 3, title: 'one that the app had set says more than our 1' },
  {
    when: 'running stray',
    set: 3,
    code: 3,
    title: 'one that the app had set is what the guardian exits with',
  },
  { when: 'releasing', set: 1, code: 1, title: 'one that the app sets in the middle survives' },
  { when: 'releasing', set: 4, code: 4, title: 'another one that the app sets in the middle does, too' },
  { when: 'reported', set: 5, code: 5, title: 'one that is set in onReport survives' },
  {
    when: 'never fails leaves',
    set: 0,
    code: 1,
    title: 'process.exit(0) after the report does not hide that something failed',
  },
  {
    when: 'never leaves',
    set: 0,
    code: 0,
    title: 'control: process.exit(0) after the report of a clean one',
  },
  {
    when: 'never leaves',
    set: 7,
    code: 7,
    title: 'a failing process.exit after the report says more than our 0',
  },
  { when: 'exiting', set: 6, code: 6, title: 'one that is set at the exit survives' },
]) {
  t.test(`exit code: ${title}`, async (t) => {
    const ended = await runUntilSignal(t, 'exit-code', { args: [when, String(set)] })
    t.equal(ended.code, code)
    t.equal(ended.reports[0]?.exitCode, when.includes('fails') ? 1 : 0, 'the report is about the shutdown')
  })
}

t.test(
  'exit code: process.exit in the middle of a shutdown keeps the failing one that the app had set',
  async (t) => {
    for (const { set, code } of [
      { set: 3, code: 3 },
      { set: 0, code: 1 },
    ]) {
      const ended = await runUntilSignal(t, 'exit-code', { args: ['running quits', String(set)] })
      t.equal(ended.code, code)
      t.match(ended.log.at(-1), {
        msg: `the process ended in the middle of a shutdown, exiting with ${code}`,
      })
    }
  },
)
