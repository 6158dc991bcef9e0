import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { ask } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

t.jobs = 4

const options = {
  gracePeriodMs: 20_000,
  lameDuck: { minMs: 100, quietMs: 100 },
  lastCall: { maxMs: 400, idleMs: 200 },
}

/** Nest's protocol over TCP: the length of the JSON that follows, in characters (Nest docs, "Microservices"). */
interface Client {
  send(pattern: string): Promise<unknown>
  emit(pattern: string): void
  readonly ended: Promise<void>
}

async function open(t: Test, port: number): Promise<Client> {
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  const answers = new Map<string, (answer: unknown) => void>()
  read(socket, ({ id, err, response }) => answers.get(id)?.(err ?? response))
  let last = 0
  const write = (packet: object): void => {
    const text = JSON.stringify(packet)
    socket.write(`${text.length}#${text}`)
  }
  const ended = once(socket, 'end').then(() => {})
  return {
    ended,
    send(pattern) {
      const id = String((last += 1))
      write({ pattern, data: null, id })
      return new Promise((resolve) => {
        answers.set(id, resolve)
        socket.once('close', () => resolve('closed'))
      })
    },
    emit: (pattern) => write({ pattern, data: null }),
  }
}

function read(
  socket: Socket,
  take: (packet: { id: string; err?: unknown; response?: unknown; isDisposed?: boolean }) => void,
): void {
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    for (;;) {
      const at = text.indexOf('#')
      const length = Number(text.slice(0, at))
      if (at === -1 || text.length < at + 1 + length) return
      take(JSON.parse(text.slice(at + 1, at + 1 + length)) as never)
      text = text.slice(at + 1 + length)
    }
  })
}

for (const { title, args } of versions) {
  for (const hybrid of [false, true]) {
    const kind = hybrid ? 'beside HTTP' : 'alone'

    t.test(
      `${title}, a microservice ${kind}: what is in flight is answered, nothing new is taken`,
      async (t) => {
        const program = startFixture(t, 'microservice', { hybrid, options }, args)
        const port = await program.port('messages')
        const [busy, idle] = [await open(t, port), await open(t, port)]
        t.equal(await idle.send('read'), 'row')
        const held = busy.send('held')
        await program.line('handling')
        program.signal('SIGTERM')
        await program.line('"phase":"draining"')
        await idle.ended
        t.match(await busy.send('read'), { status: 'error', message: /^Service Unavailable/ })
        await t.rejects(open(t, port), { code: 'ECONNREFUSED' })
        program.tell('go on')
        t.equal(await held, 'row')
        await busy.ended
        const { code, report, lines } = await program.ended
        t.equal(code, 0)
        t.match(report, { verdict: 'clean' })
        t.ok(lines.indexOf('onModuleDestroy') > lines.indexOf('handling'))
      },
    )

    t.test(
      `${title}, a microservice ${kind}: an event in hand is finished before its database closes`,
      async (t) => {
        const program = startFixture(t, 'microservice', { hybrid, options }, args)
        const client = await open(t, await program.port('messages'))
        client.emit('happened')
        await program.line('event begun')
        program.signal('SIGTERM')
        await program.line('"phase":"draining"')
        program.tell('go on')
        const { code, lines } = await program.ended
        t.equal(code, 0)
        t.ok(lines.includes('event ended with a row'))
      },
    )

    t.test(`${title}, a microservice ${kind}, control: what is in flight is cut`, async (t) => {
      const program = startFixture(t, 'microservice', { hybrid, control: true }, args)
      const client = await open(t, await program.port('messages'))
      const held = client.send('held')
      await program.line('handling')
      program.signal('SIGTERM')
      t.not(await held, 'row')
    })
  }

  t.test(
    `${title}, a microservice alone: everything is served in lame duck, when somebody watches`,
    async (t) => {
      const watched = { ...options, lameDuck: { minMs: 2_000, quietMs: 100 } }
      const program = startFixture(t, 'microservice', { options: watched }, args)
      const port = await program.port('messages')
      program.signal('SIGTERM')
      await program.line('"phase":"lame-duck"')
      t.equal(await (await open(t, port)).send('read'), 'row')
      t.equal((await program.ended).code, 0)
    },
  )

  t.test(`${title}, a microservice alone: a message that is cut at the deadline is named`, async (t) => {
    const short = { gracePeriodMs: 1_500, lameDuck: false, lastCall: false }
    const program = startFixture(t, 'microservice', { options: short }, args)
    const client = await open(t, await program.port('messages'))
    const held = client.send('held')
    await program.line('handling')
    program.signal('SIGTERM')
    t.equal(await held, 'closed')
    const { code, report } = await program.ended
    t.equal(code, 1)
    t.match(report, { verdict: 'forced', cut: { count: 1, items: [{ method: 'MESSAGE', path: 'held' }] } })
  })

  t.test(`${title}, beside HTTP: a request in flight is answered too`, async (t) => {
    const program = startFixture(t, 'microservice', { hybrid: true, options }, args)
    const held = ask({ port: await program.port() }, '/held')
    await program.line('handling')
    program.signal('SIGTERM')
    await program.line('"phase":"draining"')
    program.tell('go on')
    t.match(await held, { status: 200, body: 'row' })
    t.equal((await program.ended).code, 0)
  })
}
