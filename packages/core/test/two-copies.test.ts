import { cpSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startFixture } from './run-fixture.js'

const source = fileURLToPath(new URL('..', import.meta.url))

/** Two projects, each with a copy of the package in its node_modules. */
function installTwice(t: Test): string[] {
  const home = t.testdir({})
  return ['one', 'two'].map((project) => {
    const folder = `${home}/${project}/node_modules/@lastcall/core`
    mkdirSync(folder, { recursive: true })
    for (const part of ['dist', 'package.json'])
      cpSync(`${source}/${part}`, `${folder}/${part}`, { recursive: true })
    return `${folder}/dist/index.js`
  })
}

t.test('two installed copies share one registry, one default instance and one timeline', async (t) => {
  const program = startFixture(t, 'two-copies', { args: installTwice(t) })
  await program.line('ready')
  program.signal('SIGTERM')
  const { code, lines, reports } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines.slice(0, 8), [
    'a running',
    'b running',
    'two copies: true',
    'one default instance: true',
    'SIGTERM listeners: 1',
    'SIGINT listeners: 1',
    'uncaughtException listeners: 1',
    'ready',
  ])
  for (const name of ['a', 'b']) {
    t.strictSame(
      lines.slice(8).filter((line) => line.startsWith(`${name} `)),
      [`${name} lame-duck`, `${name} last-call`, `${name} draining`, `${name} releasing`, `${name} stopped`],
    )
  }
  t.ok(lines.indexOf('pool closed') > lines.indexOf('b releasing'))
  t.strictSame(
    lines.filter((line) => line.startsWith('exit')),
    ['exit 0'],
  )
  t.match(reports, [{ reason: 'SIGTERM' }, { reason: 'SIGTERM' }, { reason: 'SIGTERM' }])
  // the smallest grace period of all holds for everybody
  t.strictSame(
    reports.map(({ budget }) => budget.graceMs),
    [4_000, 4_000, 4_000],
  )
})
