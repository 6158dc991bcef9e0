import type { Phase, Report, Shutdown } from '@lastcall/core'
import byDefault, { lastcall, type LastcallOptions } from '@lastcall/fastify'
import { fastify, type FastifyInstance } from 'fastify'
import t from 'tap'

// what this file is about is checked when it is compiled
export async function compiles(app: FastifyInstance): Promise<Report> {
  await app.register(byDefault)
  await app.register(lastcall, { gracePeriodMs: 30_000, probes: { live: false }, lameDuck: false })
  // @ts-expect-error -- misspelt
  await app.register(lastcall, { gracePeriod: 30_000 })
  // @ts-expect-error -- not a duration
  await app.register(lastcall, { gracePeriodMs: '30s' })
  // @ts-expect-error -- read-only
  app.shutdown.phase = 'stopped'
  const shutdown: Shutdown = app.shutdown
  const phase: Phase = shutdown.phase
  const options: LastcallOptions = { shutdown, probes: false }
  await app.register(lastcall, options)
  return app.shutdown.begin(phase)
}

t.test('the default export and the named one are the same plugin', async (t) => {
  t.equal(byDefault, lastcall)
  const app = fastify()
  await app.register(byDefault, { signals: false })
  t.equal(app.shutdown.phase, 'starting')
  t.ok(app.hasPlugin('@lastcall/fastify'))
  await app.close()
})
