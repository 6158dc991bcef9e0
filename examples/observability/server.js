// @ts-check
// A shop whose last log lines, spans and metrics arrive, whatever ends it.
// Start it with `node --import ./telemetry.js server.js`, stop it with Ctrl-C or SIGTERM.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { drainServer, handleProbes } from '@lastcall/core/http'
import { trace } from '@opentelemetry/api'
import { pino } from 'pino'
import './metrics.js'

const logger = pino({ transport: { target: 'pino/file' } })
const shutdown = createShutdown({ logger })
const tracer = trace.getTracer('shop')
const probe = handleProbes(shutdown)

const server = createServer(async (req, res) => {
  if (probe(req, res)) return
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://shop')
  await tracer.startActiveSpan(`${req.method} ${pathname}`, async (span) => {
    res.on('close', () => {
      logger.info({ pathname, status: res.statusCode }, 'answered')
      span.end()
    })
    await setTimeout(Number(searchParams.get('ms')))
    res.end('one espresso\n')
  })
})
drainServer(server, shutdown)
shutdown.register('shop', () => logger.info('the shop is closed'))

server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1', () => {
  logger.info(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
})
