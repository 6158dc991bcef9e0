import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isSettled, startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { example } from '#src/example.js'

const child = fileURLToPath(new URL('fixtures/child.js', import.meta.url))

t.test('SIGTERM is passed on, and children are waited for', async (t) => {
  const { program, children } = await startWith(t, ['one', 'two'])
  program.signal('SIGTERM')
  await children.said('one is told')
  await children.said('two is told')
  await program.line('"phase":"draining"')
  t.equal(program.child.exitCode, null)
  children.letGo()
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
})

t.test('one that does not listen is killed at the deadline, with what it has started itself', async (t) => {
  const { program, children } = await startWith(t, ['stubborn', 'parent'], {
    LASTCALL_GRACE_PERIOD_MS: '2000',
  })
  await children.said('grandchild begins')
  program.signal('SIGTERM')
  const { code, report } = await program.ended
  t.equal(code, 1)
  t.match(report, { verdict: 'forced', participants: { items: [{ name: 'children' }] } })
  // not a moment later: the process has waited for their end
  await children.gone
})

t.test('a second Ctrl-C ends everything at once', async (t) => {
  const { program, children } = await startWith(t, ['stubborn', 'parent'])
  await children.said('grandchild begins')
  program.signal('SIGINT')
  // a second one counts after a second
  await children.said('stubborn goes on', 12)
  program.signal('SIGINT')
  t.equal((await program.ended).code, 130)
  await children.gone
})

t.test('it ends by itself when there is nothing more to do', async (t) => {
  const { program, children } = await startWith(t, ['one'])
  program.child.stdin.end()
  children.letGo()
  t.equal((await program.ended).code, 0)
})

t.test('control: nobody tells the children of a process that SIGTERM ends, and they go on', async (t) => {
  const { program, children } = await startWith(t, ['one', 'parent'], { CONTROL: '1' })
  await children.said('grandchild begins')
  program.signal('SIGTERM')
  // its output, which they have, is open
  await program.exited
  t.notOk(await isSettled(children.gone))
  t.equal(children.lines.length, 3)
  children.letGo()
})

interface Children {
  readonly lines: readonly string[]
  /** Settles when one of them has said so, this many times. */
  said(line: string, times?: number): Promise<void>
  /** Settles when all that have begun are gone. */
  readonly gone: Promise<unknown>
  letGo(): void
}

async function startWith(
  t: Test,
  names: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly program: Program; readonly children: Children }> {
  const lines: string[] = []
  const sockets: Socket[] = []
  const closed: Promise<unknown>[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    // one that is killed resets its connection, if anything was unread
    socket.on('error', () => {})
    closed.push(new Promise((resolve) => socket.on('close', resolve)))
    createInterface({ input: socket }).on('line', (line) => {
      lines.push(line)
      server.emit('line')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // an address of TCP is an object
  const { port } = server.address() as AddressInfo
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const children: Children = {
    lines,
    async said(wanted, times = 1) {
      while (lines.filter((line) => line === wanted).length < times) await once(server, 'line')
    },
    get gone() {
      return Promise.all(closed)
    },
    letGo: () => sockets.forEach((socket) => socket.write('go\n')),
  }
  const program = startProgram(t, [example('child-processes/each-line.js'), process.execPath, child], {
    env: { PORT: String(port), ...env },
  })
  await program.line('ready')
  for (const name of names) program.tell(name)
  for (const name of names) await children.said(`${name} begins`)
  return { program, children }
}
