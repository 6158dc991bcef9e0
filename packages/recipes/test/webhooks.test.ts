import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect, startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { example } from '#src/example.js'

const webhook = '/webhook {"item":"espresso"}'

t.test('SIGTERM: what goes on in the background after the answer is finished', async (t) => {
  const outbox = t.testdir()
  const partner = await startPartner(t)
  const program = await startWithOrder(t, partner, outbox)
  await partner.received('/webhook')
  program.signal('SIGTERM')
  await partner.received('/mail')
  await program.line('"phase":"draining"')
  partner.answer()
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
  t.match(partner.requests, [webhook, /^\/mail Thank you for order/])
  t.strictSame(await readdir(outbox), [])
})

t.test('control: a process that SIGTERM ends sends no mail, and its webhook is sent twice', async (t) => {
  const outbox = t.testdir()
  const partner = await startPartner(t)
  const program = await startWithOrder(t, partner, outbox, { CONTROL: '1' })
  await partner.received('/webhook')
  program.signal('SIGTERM')
  t.equal((await program.ended).signal, 'SIGTERM')
  const next = startServer(t, partner, outbox)
  await partner.received('/webhook', 2)
  await next.port()
  partner.answer()
  next.signal('SIGTERM')
  t.equal((await next.ended).code, 0)
  t.strictSame(partner.requests, [webhook, webhook])
})

t.test('a webhook that takes longer than the drain is given up, and sent by the next process', async (t) => {
  const outbox = t.testdir()
  const partner = await startPartner(t)
  const program = await startWithOrder(t, partner, outbox, { LASTCALL_GRACE_PERIOD_MS: '2000' })
  await partner.received('/webhook')
  program.signal('SIGTERM')
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
  t.equal((await readdir(outbox)).length, 1)

  const next = startServer(t, partner, outbox)
  await partner.received('/webhook', 2)
  partner.answer()
  next.signal('SIGTERM')
  t.equal((await next.ended).code, 0)
  t.strictSame(await readdir(outbox), [])
})

interface Partner {
  readonly url: string
  /** Path and body of each, in order. */
  readonly requests: readonly string[]
  /** Settles when that many have come for the path. */
  received(path: string, times?: number): Promise<void>
  /** From here on all are answered; nobody was before. */
  answer(): void
}

async function startPartner(t: Test): Promise<Partner> {
  const requests: string[] = []
  const waiting: ServerResponse[] = []
  let answers = false
  const server = createServer(async (req, res) => {
    requests.push(`${req.url} ${await text(req)}`)
    server.emit('received')
    if (answers) res.end()
    else waiting.push(res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  // an address of TCP is an object
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async received(path, times = 1) {
      while (requests.filter((request) => request.startsWith(path)).length < times)
        await once(server, 'received')
    },
    answer() {
      answers = true
      for (const res of waiting) res.end()
    },
  }
}

const startServer = (
  t: Test,
  { url }: Partner,
  outbox: string,
  env: Readonly<Record<string, string>> = {},
): Program =>
  startProgram(t, [example('webhooks/server.js')], {
    env: { PORT: '0', OUTBOX: outbox, PARTNER: url, ...env },
  })

/** An order is taken, and its client has the answer. */
async function startWithOrder(
  t: Test,
  partner: Partner,
  outbox: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const program = startServer(t, partner, outbox, env)
  const client = connect({ port: await program.port() })
  t.teardown(() => client.destroy())
  t.equal((await client.send('POST', '/orders', { item: 'espresso' })).status, 202)
  return program
}
