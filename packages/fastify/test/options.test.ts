import { Writable } from 'node:stream'
import { createShutdown } from '@lastcall/core'
import { lastcall, type LastcallOptions } from '@lastcall/fastify'
import { wrongOptions } from '@lastcall/testing'
import { fastify, type FastifyServerOptions } from 'fastify'
import t from 'tap'

for (const [options, code, message] of wrongOptions) {
  t.test(`${JSON.stringify(options)} is refused with ${code}`, async (t) => {
    const app = fastify()
    await t.rejects(async () => app.register(lastcall, options as LastcallOptions), { code, message })
  })
}

t.test('an unknown option is refused, and the known ones are listed', async (t) => {
  const app = fastify()
  await t.rejects(async () => app.register(lastcall, { timeout: 10_000 } as LastcallOptions), {
    code: 'ERR_LASTCALL_OPTION',
    message: /^Option 'timeout' must be one of: gracePeriodMs, .*, not 10000$/,
  })
})

t.test("options beside 'shutdown' are refused", async (t) => {
  const shutdown = createShutdown({ signals: false, logger: { info() {}, warn() {}, error() {} } })
  const app = fastify()
  await t.rejects(async () => app.register(lastcall, { shutdown, gracePeriodMs: 5_000 }), {
    code: 'ERR_LASTCALL_OPTION',
    message: "Option 'gracePeriodMs' must not be given beside 'shutdown', which has its own",
  })
})

t.test("but 'probes' is the app's, and what Fastify adds is nobody's", async (t) => {
  const shutdown = createShutdown({ signals: false, logger: { info() {}, warn() {}, error() {} } })
  const app = fastify()
  await app.register(lastcall, { shutdown, probes: { live: '/alive' }, prefix: '/x', logLevel: 'warn' })
  t.equal((await app.inject({ url: '/alive' })).statusCode, 200)
  await app.close()
})

t.test('registering it twice is refused by Fastify', async (t) => {
  const app = fastify()
  await app.register(lastcall)
  await t.rejects(async () => app.register(lastcall), { code: 'FST_ERR_DEC_ALREADY_PRESENT' })
})

for (const [setting, warnings] of [
  [true, ['forceCloseConnections: true destroys requests that are still being answered; leave it out']],
  ['idle', []],
  [false, []],
] as const) {
  t.test(`forceCloseConnections: ${setting} gives ${warnings.length} warnings`, async (t) => {
    const logged: { level: number; msg: string }[] = []
    const stream = new Writable({
      write(chunk, _encoding, done) {
        logged.push(JSON.parse(String(chunk)) as { level: number; msg: string })
        done()
      },
    })
    const settings: FastifyServerOptions = { forceCloseConnections: setting, logger: { stream } }
    const app = fastify(settings)
    await app.register(lastcall, { signals: false })
    await app.ready()
    t.strictSame(
      logged.filter(({ level }) => level === 40).map(({ msg }) => msg),
      warnings,
    )
    await app.close()
  })
}
