import { fileURLToPath } from 'node:url'
import { messages, startProgram } from '@lastcall/testing'
import t from 'tap'

const speaks = fileURLToPath(new URL('fixtures/speaks.js', import.meta.url))

for (const [line, name] of [
  ['listening on 4123', undefined],
  ['listening 4123', undefined],
  ['{"level":30,"time":1,"msg":"Server listening at http://127.0.0.1:4123"}', undefined],
  ['Server listening at http://[::1]:4123', undefined],
  ['admin on 4123', 'admin'],
] as const) {
  t.test(`the port of: ${line}`, async (t) => {
    const program = startProgram(t, [speaks, 'listening to signals', line])
    t.equal(await program.port(name), 4_123)
  })
}

t.test('nothing is in its environment but PATH and what is given', async (t) => {
  const program = startProgram(t, [speaks], { env: { ONE: '1' } })
  t.equal(await program.line('environment'), 'environment: PATH,ONE')
})

t.test('what was logged is told from what was said', async (t) => {
  const program = startProgram(t, [speaks, 'hello'])
  await program.line('logged')
  program.signal('SIGTERM')
  const ended = await program.ended
  t.match(ended, { code: null, signal: 'SIGTERM', lines: ['hello', /^environment/], reports: [{}] })
  t.equal(ended.lines.length, 2)
  t.strictSame(messages(ended), ['logged'])
  t.equal(ended.report?.verdict, 'clean')
})

t.test('a line that never comes is an error that carries the output', async (t) => {
  const program = startProgram(t, [speaks, 'hello'])
  await program.line('logged')
  const missing = program.line('goodbye')
  program.signal('SIGKILL')
  await t.rejects(missing, { message: "it ended without 'goodbye'", cause: /^hello\n/ })
})
