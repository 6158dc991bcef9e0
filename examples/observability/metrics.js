// @ts-check
// Metrics that can be scraped until the end, and what a shutdown has cost, pushed when nobody can scrape any more.
import { subscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import { hostname } from 'node:os'
import { getShutdown } from '@lastcall/core'
import { Counter, Gauge, Histogram, Pushgateway, register } from 'prom-client'

const began = new Gauge({
  name: 'lastcall_shutdown_began_timestamp_seconds',
  help: 'When the shutdown began',
})
const shutdowns = new Counter({
  name: 'lastcall_shutdowns_total',
  help: 'Shutdowns that came to an end, by verdict',
  labelNames: ['verdict'],
})
const cut = new Counter({ name: 'lastcall_requests_cut_total', help: 'Requests cut at the deadline' })
const refused = new Counter({ name: 'lastcall_requests_refused_total', help: 'Requests answered 503' })
const phases = new Histogram({
  name: 'lastcall_phase_seconds',
  help: 'How long each phase took',
  labelNames: ['phase'],
  buckets: [0.1, 0.5, 1, 2, 5, 10, 30],
})

subscribe('lastcall.phase', (message) => {
  const { phase } = /** @type {{ phase: import('@lastcall/core').Phase }} */ (message)
  if (phase === 'lame-duck') began.setToCurrentTime()
})

subscribe('lastcall.report', (message) => {
  const report = /** @type {import('@lastcall/core').Report} */ (message)
  shutdowns.inc({ verdict: report.verdict })
  cut.inc(report.cut.count)
  refused.inc(report.refused)
  for (const { phase, tookMs } of report.phases) phases.observe({ phase }, tookMs / 1000)
})

// A server of its own, which nobody drains: the app's answers 503 in the end.
const server = createServer(async (_req, res) => {
  res.setHeader('content-type', register.contentType)
  res.end(await register.metrics())
})
server.listen(Number(process.env.METRICS_PORT ?? 9464), () => {
  console.log(`metrics on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
})
getShutdown().register('metrics', { onRelease: () => void server.close(), dependsOn: [] })

const url = process.env.PUSHGATEWAY_URL
if (url !== undefined) {
  // a gateway that does not answer costs a second, and not the whole grace period
  const gateway = new Pushgateway(url, { timeout: 1_000 })
  const push = () => gateway.push({ jobName: 'shop', groupings: { instance: hostname() } })
  getShutdown().register('pushgateway', { onLameDuck: push, onRelease: push, dependsOn: [] })
}
