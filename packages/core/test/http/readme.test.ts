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
async function start(
  t: Test,
  section: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ program: Program; port: number; adminPort: number }> {
  const [, code = ''] = new RegExp(`^### ${section}\n\n\`\`\`js\n(.*?)^\`\`\``, 'ms').exec(readme) ?? []
  const file = fileURLToPath(new URL(`readme-${section.replace(' ', '-')}.mjs`, import.meta.url))
  writeFileSync(file, code)
  const program = startProgram(t, [file], { env: { PORT: '0', ADMIN_PORT: '0', ...env } })
  const [port, adminPort] = (await program.line('')).split(' ').map(Number)
  return { program, port: port ?? 0, adminPort: adminPort ?? 0 }
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

t.test('the preStop hook of a container drains, and SIGTERM ends the process', async (t) => {
  const { program, adminPort } = await start(t, 'Admin server')
  const [, script = ''] = /exec: \{ command: \[node, -e, "(.*)"\] \}/.exec(readme) ?? []
  const file = fileURLToPath(new URL('readme-hook.mjs', import.meta.url))
  writeFileSync(file, script.replace('9090', String(adminPort)))
  t.equal((await startProgram(t, [file]).ended).code, 0)
  await program.line('waiting for the signal')
  program.signal('SIGTERM')
  t.match(await program.ended, { code: 0, reports: [{ reason: '/drain', verdict: 'clean' }] })
})

t.test('the preStop hook of the kubelet drains with the token', async (t) => {
  const [, path = '', name = '', value = ''] =
    /httpGet: \{ path: (\S+), port: 9090, httpHeaders: \[\{ name: (\S+), value: (.*) \}\] \}/.exec(readme) ??
    []
  const env = { ADMIN_HOST: '0.0.0.0', ADMIN_TOKEN: value.replace('Bearer ', '') }
  const { program, adminPort } = await start(t, 'Admin server', env)
  const ask = async (headers: Record<string, string>): Promise<number | undefined> => {
    const [response] = (await once(
      get({ port: adminPort, host: '127.0.0.1', path, headers: { Host: '10.0.0.7:9090', ...headers } }),
      'response',
    )) as [IncomingMessage]
    return response.statusCode
  }
  // the control
  t.equal(await ask({ [name]: 'Bearer somebody-elses-token' }), 401)
  t.equal(await ask({ [name]: value }), 200)
  await program.line('waiting for the signal')
  program.signal('SIGTERM')
  t.equal((await program.ended).code, 0)
})
