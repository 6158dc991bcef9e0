import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { lastcall } from '@lastcall/fastify'
import { ask, readmePrograms, startProgram, timesOf } from '@lastcall/testing'
import { fastify } from 'fastify'
import t from 'tap'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const programs = readmePrograms(readme)

t.equal(programs.length, 1)

for (const [index, code] of programs.entries()) {
  t.test(`program ${index + 1} of the README answers, and ends cleanly`, async (t) => {
    const file = fileURLToPath(new URL(`readme-${index + 1}.mjs`, import.meta.url))
    writeFileSync(file, code)
    const program = startProgram(t, [file], { env: { PORT: '0' } })
    const port = await program.port()
    t.equal((await ask({ port }, '/')).body, '{"hello":"world"}')
    t.equal((await ask({ port }, '/readyz')).status, 200)
    program.signal('SIGTERM')
    const { code: exitCode, lines, report } = await program.ended
    t.equal(exitCode, 0)
    t.strictSame(lines, ['your pool.end()'])
    t.match(report, { verdict: 'clean' })
  })
}

t.test('the times in its timeline are those of the budget', async (t) => {
  const app = fastify()
  await app.register(lastcall, { gracePeriodMs: 10_000, signals: false })
  const { budget } = await app.shutdown.begin('test')
  for (const text of timesOf(budget)) t.ok(readme.includes(text), text)
})
