import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** Starts the program of a section; settles when it listens. */
async function start(t: Test, section: string): Promise<{ program: Program; port: number }> {
  const [, code = ''] = new RegExp(`^### ${section}\n\n\`\`\`js\n(.*?)^\`\`\``, 'ms').exec(readme) ?? []
  const file = fileURLToPath(new URL(`readme-${section.replace(' ', '-')}.mjs`, import.meta.url))
  writeFileSync(file, code)
  const program = startProgram(t, [file], { env: { PORT: '0' } })
  return { program, port: Number((await program.line('')).trim()) }
}

t.test('the program about WebSockets closes them with 1012', async (t) => {
  const { program, port } = await start(t, 'WebSockets')
  const client = new WebSocket(`ws://127.0.0.1:${port}`)
  t.equal(String((await once(client, 'message'))[0]), 'hello')
  program.signal('SIGTERM')
  t.equal((await once(client, 'close'))[0], 1_012)
  t.match(await program.ended, { code: 0, reports: [{ verdict: 'clean' }] })
})

t.test('the program about event streams ends them, and says when to come back', async (t) => {
  const { program, port } = await start(t, 'Event streams')
  const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage]
  program.signal('SIGTERM')
  t.match(await text(response), /^data: hello\n\nretry: \d{4}\n\n$/)
  t.match(await program.ended, { code: 0, reports: [{ verdict: 'clean' }] })
})
