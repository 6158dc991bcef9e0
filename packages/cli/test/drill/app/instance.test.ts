import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createInstance } from '#src/drill/app/instance.js'

const program = `
  const { appendFileSync } = require('node:fs')
  const { PORT, HOST, DATA_DIR, LASTCALL_GRACE_PERIOD_MS, EXTRA } = process.env
  appendFileSync(DATA_DIR + '/starts', [PORT, HOST, LASTCALL_GRACE_PERIOD_MS, EXTRA].join(' ') + '\\n')
  setInterval(() => {}, 1000)
  process.on('SIGTERM', () => process.exit(0))
  console.log('up')
`

t.before(() => {
  delete process.env['NODE_OPTIONS'] // tap's
})

const create = (rest: object = {}): ReturnType<typeof createInstance> =>
  createInstance({
    name: 'instance 1',
    command: [process.execPath, '-e', program],
    graceMs: 4_000,
    env: { EXTRA: 'more' },
    ...rest,
  })

t.test(
  'port and data directory stay the same over a restart, and the directory goes in the end',
  async (t) => {
    const instance = await create()
    for (const _ of [1, 2]) {
      instance.start()
      while (!instance.output().includes('up')) await new Promise(setImmediate)
      t.match(await instance.stop(), { exitCode: 0, forced: false })
    }
    const line = `${instance.target.port} 127.0.0.1 4000 more\n`
    t.equal(readFileSync(join(instance.directory, 'starts'), 'utf8'), line + line)
    await instance.dispose()
    t.notOk(existsSync(instance.directory))
  },
)

t.test('data that is given is there before the first start', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'lastcall-test-'))
  t.teardown(() => rmSync(data, { recursive: true }))
  writeFileSync(join(data, 'rows'), 'one\n')
  const instance = await create({ data })
  t.equal(readFileSync(join(instance.directory, 'rows'), 'utf8'), 'one\n')
  await instance.dispose()
})

t.test('an end that nobody asked for is a failure', async (t) => {
  const instance = await create({ command: [process.execPath, '-e', 'console.log("bye"); process.exit(4)'] })
  instance.start()
  await t.rejects(instance.failed, {
    name: 'DrillError',
    message: /^The app ended by itself, with exit code 4 \(instance 1: /,
    output: 'bye',
  })
  await instance.dispose()
})

t.test('after it was disposed of it cannot be started', async (t) => {
  const instance = await create()
  instance.start()
  await instance.dispose()
  t.throws(() => instance.start(), { message: 'instance 1 is gone' })
})
