import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSocket, requestText, startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { example } from '#src/example.js'

const body = 'espresso '.repeat(10_000)
const half = body.length / 2

t.test('SIGTERM: an upload in the middle is received whole', async (t) => {
  const { program, folder, upload } = await startWithHalf(t)
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  upload.socket.write(body.slice(half))
  t.match(await upload.received, /^HTTP\/1\.1 201 /)
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
  t.strictSame(await filesIn(folder), { whole: [body], parts: [] })
})

t.test('control: a process that SIGTERM ends leaves half of it', async (t) => {
  const { program, folder } = await startWithHalf(t, { env: { CONTROL: '1' } })
  program.signal('SIGTERM')
  t.equal((await program.ended).signal, 'SIGTERM')
  t.strictSame(await filesIn(folder), { whole: [], parts: [body.slice(0, half)] })
})

t.test('one that takes longer than the drain is answered 503, and nothing of it is left', async (t) => {
  const { program, folder, upload } = await startWithHalf(t, { env: { LASTCALL_GRACE_PERIOD_MS: '2000' } })
  program.signal('SIGTERM')
  t.match(await upload.received, /^HTTP\/1\.1 503 /)
  const { code, report } = await program.ended
  t.equal(code, 1)
  t.match(report, { verdict: 'forced', cut: { count: 1 } })
  t.strictSame(await filesIn(folder), { whole: [], parts: [] })
})

t.test(
  'nothing is left when the loop is blocked beyond the deadline, whoever ends the process then',
  async (t) => {
    const { program, folder } = await startWithHalf(t, {
      before: fileURLToPath(new URL('fixtures/blocks.js', import.meta.url)),
      env: { LASTCALL_GRACE_PERIOD_MS: '1000' },
    })
    program.signal('SIGTERM')
    t.equal((await program.ended).code, 1)
    t.strictSame(await filesIn(folder), { whole: [], parts: [] })
  },
)

t.test(
  'what a process left behind that was killed is removed by a later one, an hour after its last byte',
  async (t) => {
    const { program, folder } = await startWithHalf(t)
    program.signal('SIGKILL')
    await program.ended
    const [part = ''] = await readdir(join(folder, 'parts'))
    const anHourAgo = Date.now() / 1_000 - 3_601
    await utimes(join(folder, 'parts', part), anHourAgo, anHourAgo)
    await writeFile(join(folder, 'parts', 'of another process'), 'espresso')

    const next = startUploads(t, folder)
    await next.port()
    t.strictSame(await filesIn(folder), { whole: [], parts: ['espresso'] })
    next.signal('SIGTERM')
    t.equal((await next.ended).code, 0)
  },
)

interface StartOptions {
  /** A module that is loaded before the program. */
  readonly before?: string
  readonly env?: Readonly<Record<string, string>>
}

function startUploads(t: Test, folder: string, { before, env = {} }: StartOptions = {}): Program {
  const imports = before === undefined ? [] : ['--import', before]
  return startProgram(t, [...imports, example('uploads/server.js')], {
    env: { PORT: '0', FOLDER: folder, ...env },
  })
}

interface Upload {
  readonly program: Program
  readonly folder: string
  readonly upload: Awaited<ReturnType<typeof openSocket>>
}

/** Half of an upload is on the disk. */
async function startWithHalf(t: Test, options: StartOptions = {}): Promise<Upload> {
  const folder = t.testdir()
  const program = startUploads(t, folder, options)
  const upload = await openSocket(await program.port())
  t.teardown(() => upload.socket.destroy())
  upload.socket.on('error', () => {})
  upload.socket.write(requestText('/', { method: 'POST', headers: [`Content-Length: ${body.length}`] }))
  upload.socket.write(body.slice(0, half))
  while ((await filesIn(folder)).parts[0]?.length !== half);
  return { program, folder, upload }
}

/** The contents of all of them. */
async function filesIn(folder: string): Promise<{ readonly whole: string[]; readonly parts: string[] }> {
  const read = async (path: string): Promise<string[]> => {
    const entries = await readdir(path, { withFileTypes: true })
    return Promise.all(
      entries.filter((entry) => entry.isFile()).map(({ name }) => readFile(join(path, name), 'utf8')),
    )
  }
  return { whole: await read(folder), parts: await read(join(folder, 'parts')) }
}
