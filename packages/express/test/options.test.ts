import { createServer } from 'node:http'
import { createShutdown } from '@lastcall/core'
import { lastcall, type LastcallOptions } from '@lastcall/express'
import { ask, wrongOptions } from '@lastcall/testing'
import express from 'express'
import t from 'tap'
import { listen } from './serve.js'

const logger = { info() {}, warn() {}, error() {} }

for (const [options, code, message] of wrongOptions) {
  t.test(`${JSON.stringify(options)} is refused with ${code}`, async (t) => {
    t.throws(() => lastcall(options), { code, message })
  })
}

t.test('an unknown option is refused, and the known ones are listed', async (t) => {
  t.throws(() => lastcall({ timeout: 10_000 } as LastcallOptions), {
    code: 'ERR_LASTCALL_OPTION',
    message: /^Option 'timeout' must be one of: gracePeriodMs, .*, not 10000$/,
  })
})

t.test("options beside 'shutdown' are refused, but 'probes'", async (t) => {
  const shutdown = createShutdown({ signals: false, logger })
  t.throws(() => lastcall({ shutdown, gracePeriodMs: 5_000 }), {
    code: 'ERR_LASTCALL_OPTION',
    message: "Option 'gracePeriodMs' must not be given beside 'shutdown', which has its own",
  })
  const middleware = lastcall({ shutdown, probes: { live: '/alive' } })
  t.equal(middleware.shutdown, shutdown)
  const { port } = await listen(t, express().use(middleware))
  t.equal((await ask({ port }, '/alive')).status, 200)
})

t.test('two apps on one instance close together', async (t) => {
  const shutdown = createShutdown({ signals: false, logger })
  const servers = [createServer(), createServer()]
  for (const server of servers) {
    server.on('request', express().use(lastcall({ shutdown })))
    await listen(t, server)
  }
  await shutdown.begin('test')
  t.strictSame(
    servers.map(({ listening }) => listening),
    [false, false],
  )
})
