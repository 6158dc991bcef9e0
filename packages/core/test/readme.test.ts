import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createShutdown } from '@lastcall/core'
import { ask, readmePrograms, startProgram, timesOf, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { deriveBudget } from '#src/budget.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [program = '', participant = ''] = readmePrograms(readme)

function start(t: Test, name: string, code: string): Program {
  const file = fileURLToPath(new URL(`readme-${name}.mjs`, import.meta.url))
  writeFileSync(file, code)
  return startProgram(t, [file], { env: { PORT: '0' } })
}

t.test('the program of the README answers, and ends cleanly', async (t) => {
  const listen = 'server.listen(Number(process.env.PORT ?? 3000))'
  t.ok(program.includes(listen))
  // it does not say which port it was given
  const sayPort = `server.on('listening', () => console.log('listening on', server.address().port))\n`
  const running = start(t, 'program', program.replace(listen, sayPort + listen))
  const port = await running.port()
  t.equal((await ask({ port }, '/')).body, 'hello')
  t.equal((await ask({ port }, '/readyz')).status, 200)
  running.signal('SIGTERM')
  const { code, lines, report } = await running.ended
  t.equal(code, 0)
  t.equal(lines.at(-1), 'your pool.end()')
  t.match(report, { verdict: 'clean' })
})

t.test('the participant of the README is called in the order that it says', async (t) => {
  t.match(participant, "shutdown.register('orders-consumer', {")
  const { code, lines } = await start(
    t,
    'participant',
    `import { createShutdown } from '@lastcall/core'
    const say = (what) => () => console.log(what)
    const consumer = { pause: say('paused'), idle: say('idle'), close: say('closed') }
    const shutdown = createShutdown()
    shutdown.register('postgres', say('postgres released'))
    ${participant}
    shutdown.ready()
    await shutdown.begin('a test')`,
  ).ended
  t.equal(code, 0)
  t.strictSame(lines, ['paused', 'idle', 'closed', 'postgres released'])
})

t.test('the times in its timeline are those of the budget', (t) => {
  for (const text of timesOf(deriveBudget(10_000))) t.ok(readme.includes(text), text)
  t.end()
})

t.test('its table has every option, and no other', (t) => {
  const [, section = ''] = readme.split('\n## Options\n')
  const [table = ''] = section.split('\n## ')
  const listed = [...table.matchAll(/^\| (`.+?`) \|/gm)].flatMap(
    ([, names = '']) => names.match(/\w+/g) ?? [],
  )
  // the message of a wrong one names those that there are
  const [, names = ''] =
    /one of: (.*), not /.exec(messageOf(() => createShutdown({ none: 1 } as never))) ?? []
  t.strictSame(listed.sort(), names.split(', ').sort())
  t.end()
})

function messageOf(call: () => unknown): string {
  try {
    call()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
