import { writeFileSync } from 'node:fs'
import { startProgram } from '@lastcall/testing'
import t from 'tap'
import { fixture, runUntilSignal } from './run-fixture.js'

// of a lame duck that is taken: a sixth of 9 500 ms
const lameDuckMs = 1_583

t.test('node --watch restarts without waiting for lame duck and last call', async (t) => {
  const file = `${t.testdir({})}/program.mjs`
  const write = (): void => writeFileSync(file, `import '${fixture('watched')}'\n`)
  write()
  const program = startProgram(t, ['--watch', file])
  const first = await program.line('ready, pid')
  write()
  await program.line('"report"')
  await program.line('Restarting')
  await program.line((line) => line.includes('ready, pid') && line !== first)
  program.signal('SIGTERM')
  const { reports } = await program.ended
  t.match(reports[0], { reason: 'SIGTERM', verdict: 'clean' })
  t.ok((reports[0]?.tookMs ?? Infinity) < lameDuckMs, `shut down in ${reports[0]?.tookMs} ms`)
  t.strictSame(
    reports[0]?.phases.slice(0, 2).map(({ ended }) => ended),
    ['skipped: restarted by node --watch', 'skipped: restarted by node --watch'],
  )
})

t.test('control: without --watch the same program takes its time', async (t) => {
  const { code, reports } = await runUntilSignal(t, 'watched')
  t.equal(code, 0)
  t.ok((reports[0]?.tookMs ?? 0) >= lameDuckMs, `shut down in ${reports[0]?.tookMs} ms`)
})
