import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProgram, type Program, type ProgramOptions } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { fixture } from './run-fixture.js'

t.jobs = 2

const guide = readFileSync(new URL('../../../docs/guides/child-processes.md', import.meta.url), 'utf8')
const [, block = ''] = /^```js\n(.*?)^```/ms.exec(guide) ?? []
const file = fileURLToPath(new URL('guide-child-processes.mjs', import.meta.url))
writeFileSync(file, block)

/** The program of the guide; settles with the id of its child. */
async function start(t: Test, ends: string, options: ProgramOptions = {}): Promise<[Program, number]> {
  const cwd = dirname(fixture('importer'))
  const program = startProgram(t, [file], { cwd, env: { ENDS: ends }, ...options })
  return [program, Number((await program.line('importer')).slice('importer '.length))]
}

t.test('the program of the guide waits for its child', async (t) => {
  const [program, pid] = await start(t, 'well')
  program.signal('SIGTERM')
  const { code, lines, reports } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines, [`importer ${pid}`, 'SIGTERM 1', 'the importer has finished'])
  t.match(reports, [{ verdict: 'clean' }])
})

t.test('a child that hears the signal from two sides is waited for all the same', async (t) => {
  const [program] = await start(t, 'well', { detached: true })
  process.kill(-Number(program.child.pid), 'SIGTERM')
  const { code, lines } = await program.ended
  t.equal(code, 0)
  t.equal(lines.at(-1), 'the importer has finished')
})

t.test('a child that fails fails the shutdown', async (t) => {
  const [program] = await start(t, 'badly')
  program.signal('SIGTERM')
  const { code, reports } = await program.ended
  t.equal(code, 1)
  t.match(reports, [{ participants: { items: [{ error: 'the importer ended with 3' }] } }])
})

t.test('a child that never ends is ended when the time is up', async (t) => {
  const [program, pid] = await start(t, 'never')
  program.signal('SIGTERM')
  const { code, reports } = await program.ended
  t.equal(code, 1)
  t.match(reports, [{ verdict: 'forced' }])
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})
