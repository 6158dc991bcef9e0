import { createServer } from 'node:http'
import { createShutdown } from '@lastcall/core'
import { lastcall, type LastcallOptions } from '@lastcall/express'
import express from 'express'
import t from 'tap'
import { listen } from './serve.js'
import { ask } from './strict-client.js'

const logger = { info() {}, warn() {}, error() {} }

const bad: readonly (readonly [object, string, string])[] = [
  [
    { gracePeriodMs: '10s' },
    'ERR_LASTCALL_OPTION',
    "Option 'gracePeriodMs' must be a number of ms from 100 to 2147483647, not '10s'",
  ],
  [
    { gracePeriodMs: 10_000, lameDuck: { minMs: 8_000 } },
    'ERR_LASTCALL_BUDGET',
    'The phases do not fit into the grace period: lameDuck.minMs 8000, ' +
      'but grace period 10000 − margin 500 − releaseMs 1900 leaves 7600 ms',
  ],
  [{ probes: true }, 'ERR_LASTCALL_OPTION', "Option 'probes' must be false or an object, not true"],
  [
    { probes: { ready: 'readyz' } },
    'ERR_LASTCALL_OPTION',
    "Option 'probes.ready' must be false or a path that begins with '/', not 'readyz'",
  ],
  [
    { probes: { startup: '/startupz' } },
    'ERR_LASTCALL_OPTION',
    "Option 'probes.startup' must be one of: live, ready, not '/startupz'",
  ],
  [
    { shutdown: {} },
    'ERR_LASTCALL_NOT_A_SHUTDOWN',
    'Expected what createShutdown() or getShutdown() returned, not an object',
  ],
]

for (const [options, code, message] of bad) {
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
