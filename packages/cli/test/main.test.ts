import { createRequire } from 'node:module'
import t from 'tap'
import { runLastcall } from './run-lastcall.js'

for (const command of [[], ['drill'], ['doctor']]) {
  t.test(`${['lastcall', ...command].join(' ')} --help fits a terminal of 80 columns`, async (t) => {
    const { exitCode, stdout, stderr } = await runLastcall(...command, '--help')
    t.equal(exitCode, 0)
    t.equal(stderr, '')
    t.match(stdout, `Usage: ${['lastcall', ...command].join(' ')}`)
    t.strictSame(
      stdout.split('\n').filter(({ length }) => length > 80),
      [],
    )
  })
}

t.test("the drill's help tells what is asked for by default", async (t) => {
  const { stdout } = await runLastcall('drill', '--help')
  t.match(
    stdout.replaceAll(/\s+/g, ' '),
    '--slow <path> takes about two seconds to answer; default /slow?ms=2000',
  )
})

t.test('the version is that of the package', async (t) => {
  const { version } = createRequire(import.meta.url)('lastcall/package.json')
  const { exitCode, stdout } = await runLastcall('--version')
  t.equal(exitCode, 0)
  t.equal(stdout, `${version}\n`)
})

t.test('a command that is unknown, or missing, is wrong usage', async (t) => {
  const unknown = await runLastcall('dril')
  t.equal(unknown.exitCode, 2)
  t.match(unknown.stderr, "error: unknown command 'dril'\n(Did you mean drill?)")
  const missing = await runLastcall()
  t.equal(missing.exitCode, 2)
  t.match(missing.stderr, 'Usage: lastcall')
})
