import { readFileSync } from 'node:fs'
import { createShutdown } from '@lastcall/core'
import { ask, readmePrograms, startProgram, timesOf } from '@lastcall/testing'
import t from 'tap'
import { compilers } from './compilers.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const programs = readmePrograms(readme, 'ts')

/** What each is asked, what it answers, and what it says in the end. */
const expected = [
  { method: 'GET', path: '/', status: 200, body: '{"hello":"world"}', says: [] },
  {
    method: 'POST',
    path: '/orders',
    status: 201,
    body: '{"accepted":true}',
    says: ['mail sent', 'pool closed', 'telemetry flushed'],
  },
]

t.equal(programs.length, expected.length)

for (const [compiler, compile] of Object.entries(compilers)) {
  for (const [index, { method, path, status, body, says }] of expected.entries()) {
    const name = `program ${index + 1} of the README`
    t.test(`${name}, compiled by ${compiler}, answers, and ends cleanly`, async (t) => {
      // it does not say which port it was given
      const sayPort = 'console.log(`listening on ${await app.getUrl()}`)\n'
      const file = await compile(`program-${index + 1}`, programs[index] + sayPort)
      const program = startProgram(t, [file], { env: { PORT: '0', NO_COLOR: '1' } })
      t.match(await ask({ port: await program.port() }, path, method), { status, body })
      program.signal('SIGTERM')
      const { code, lines, stdout } = await program.ended
      t.equal(code, 0)
      t.match(stdout, 'shutdown on SIGTERM clean')
      t.strictSame(
        lines.filter((line) => !line.startsWith('[Nest]') && !line.startsWith('listening')),
        says,
      )
    })
  }
}

t.test('the times in its timeline are those of the budget', async (t) => {
  const logger = { info() {}, warn() {}, error() {} }
  const shutdown = createShutdown({ gracePeriodMs: 10_000, signals: false, logger })
  const { budget } = await shutdown.begin('test')
  for (const text of timesOf(budget)) t.ok(readme.includes(text), text)
})
