import { Client, credentials, status } from '@grpc/grpc-js'
import type { Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { methods } from './fixtures/shop.js'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

t.jobs = 2

const options = { gracePeriodMs: 20_000, lameDuck: { minMs: 1_500, quietMs: 100 } }

/** Calls a method: the text of its answer, or the code of its error. */
type Call = (name: 'Read' | 'Held') => Promise<string | number | undefined>

async function connect(t: Test, program: Program): Promise<Call> {
  const client = new Client(`127.0.0.1:${await program.port('calls')}`, credentials.createInsecure())
  t.teardown(() => client.close())
  return (name) =>
    new Promise((resolve, reject) => {
      const method = methods[name]
      if (!method) return reject(new Error(`there is no ${name}`))
      const { path, requestSerialize, responseDeserialize } = method
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, (error, row) =>
        resolve(error ? error.code : row?.text),
      )
    })
}

for (const { title, args } of versions) {
  t.test(`${title}: gRPC is served until draining, and what is in flight is answered`, async (t) => {
    const program = startFixture(t, 'grpc', { options }, args)
    const call = await connect(t, program)
    const held = call('Held')
    await program.line('handling')
    program.signal('SIGTERM')
    await program.line('"phase":"lame-duck"')
    t.equal(await call('Read'), 'row')
    await program.line('"phase":"draining"')
    t.equal(await call('Read'), status.UNAVAILABLE)
    program.tell('go on')
    t.equal(await held, 'row')
    const { code, report } = await program.ended
    t.equal(code, 0)
    t.match(report, { verdict: 'clean' })
  })

  t.test(`${title}: a call of gRPC that is cut at the deadline is named`, async (t) => {
    const short = { gracePeriodMs: 1_500, lameDuck: false, lastCall: false }
    const program = startFixture(t, 'grpc', { options: short }, args)
    const call = await connect(t, program)
    const held = call('Held')
    await program.line('handling')
    program.signal('SIGTERM')
    t.equal(await held, status.CANCELLED)
    const { code, lines, report } = await program.ended
    t.equal(code, 1)
    t.ok(lines.includes('onApplicationShutdown'))
    t.match(report, { verdict: 'forced', cut: { count: 1, items: [{ method: 'MESSAGE' }] } })
  })

  t.test(`${title}, control: calls of gRPC in flight are cut`, async (t) => {
    const program = startFixture(t, 'grpc', { control: true }, args)
    const call = await connect(t, program)
    const held = call('Held')
    await program.line('handling')
    program.signal('SIGTERM')
    t.equal(await held, status.CANCELLED)
  })
}
