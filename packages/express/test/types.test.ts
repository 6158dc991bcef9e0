import type { Server as HttpsServer } from 'node:https'
import type { Phase, Report, Shutdown } from '@lastcall/core'
import byDefault, { lastcall, type LastcallMiddleware, type LastcallOptions } from '@lastcall/express'
import express, { Router, type RequestHandler } from 'express'
import t from 'tap'

// what this file is about is checked when it is compiled
export async function compiles(server: HttpsServer): Promise<Report> {
  express().use(byDefault())
  express().use('/api', lastcall(), express.json())
  Router().use(lastcall())
  const middleware: LastcallMiddleware = lastcall({
    gracePeriodMs: 30_000,
    probes: { live: false },
    lameDuck: false,
  })
  const handler: RequestHandler = middleware
  express().get('/', handler)
  // @ts-expect-error -- misspelt
  lastcall({ gracePeriod: 30_000 })
  // @ts-expect-error -- not a duration
  lastcall({ gracePeriodMs: '30s' })
  // @ts-expect-error -- read-only
  middleware.shutdown.phase = 'stopped'
  const undo: () => void = middleware.attach(server)
  undo()
  const shutdown: Shutdown = middleware.shutdown
  const phase: Phase = shutdown.phase
  const options: LastcallOptions = { shutdown, probes: false }
  lastcall(options)
  return middleware.shutdown.begin(phase)
}

t.test('the default export and the named one are the same function', async (t) => {
  t.equal(byDefault, lastcall)
  t.equal(byDefault({ signals: false }).shutdown.phase, 'starting')
})
