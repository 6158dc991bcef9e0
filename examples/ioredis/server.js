// @ts-check
// Counts page views in memory, and writes them to Redis once a second. A restart loses none that it has answered.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { createServer } from 'node:http'
import { createShutdown } from '@lastcall/core'
import { drainServer, handleProbes } from '@lastcall/core/http'
import { Redis } from 'ioredis'

const redis = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379')
redis.on('error', (error) => console.error(error.message))

/** @type {Map<string, number>} */
const views = new Map()

async function flush() {
  const pipeline = redis.pipeline()
  for (const [page, count] of views) pipeline.hincrby('views', page, count)
  views.clear()
  await pipeline.exec()
}

const shutdown = createShutdown(process.env.CONTROL === '1' ? { signals: false } : {})
const probe = handleProbes(shutdown)
const server = createServer((req, res) => {
  if (probe(req, res)) return
  const { pathname } = new URL(req.url ?? '/', 'http://localhost')
  views.set(pathname, (views.get(pathname) ?? 0) + 1)
  res.writeHead(204).end()
})
// What has left the map is nowhere else until Redis has it: a hold.
const timer = setInterval(() => {
  if (views.size > 0) shutdown.track(flush(), 'views').catch((error) => console.error(error.message))
}, 1_000)

if (process.env.CONTROL === '1') {
  // What the tests compare with: the usual few lines, without Last Call.
  process.once('SIGTERM', () => {
    clearInterval(timer)
    server.close(() => redis.disconnect())
  })
} else {
  drainServer(server, shutdown)
  shutdown.register('redis', () => redis.quit())
  // Before Redis, and after the last request: only then is nothing added any more.
  shutdown.register('views', () => {
    clearInterval(timer)
    return flush()
  })
}

server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1', () => {
  console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
})
