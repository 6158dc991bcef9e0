// @ts-check
// A server with a process per core. Start it with `node server.js`. SIGTERM or Ctrl-C stops the workers and then the
// primary; SIGHUP replaces one worker after the other. No request is lost.
import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { drainServer, handleProbes } from '@lastcall/core/http'

const graceMs = 10_000

if (cluster.isWorker) {
  startServer()
} else {
  startPrimary()
  // What it can be compared with: workers end as soon as their primary does.
  if (process.env.CONTROL === '1') process.prependListener('SIGTERM', () => process.exit())
}

function startPrimary() {
  const shutdown = createShutdown({ gracePeriodMs: graceMs })
  // Less than the primary has to drain, which is 7 600 of 10 000 ms: it outlives them.
  const env = { LASTCALL_GRACE_PERIOD_MS: String(graceMs * 0.7) }
  /** @type {Set<import('node:cluster').Worker>} */
  const workers = new Set()
  const stopped = new Set()

  const fork = () => {
    const worker = cluster.fork(env)
    workers.add(worker)
    worker.once('exit', () => {
      workers.delete(worker)
      // one that nobody stopped has crashed
      if (!stopped.delete(worker) && shutdown.phase === 'running') fork()
    })
    return worker
  }

  /** Asking a worker twice is harmless: Ctrl-C and systemd ask it by themselves, too. */
  const stop = async (/** @type {import('node:cluster').Worker} */ worker) => {
    stopped.add(worker)
    worker.process.kill('SIGTERM')
    const [code, signal] = await once(worker, 'exit')
    // the signal itself ends one that has not begun to listen to it
    if (code !== 0 && signal !== 'SIGTERM')
      throw new Error(`worker ${worker.process.pid} ended with ${signal ?? code}`)
  }

  // What fails here fails the shutdown, and the exit code says so.
  shutdown.register('workers', {
    onDrain: async () => {
      const ends = await Promise.allSettled([...workers].map(stop))
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    },
    onRelease: () => workers.forEach((worker) => worker.process.kill('SIGKILL')),
  })

  process.on('SIGHUP', async () => {
    for (const worker of [...workers]) {
      if (shutdown.phase !== 'running') return
      const successor = fork()
      await Promise.race([once(successor, 'listening'), once(successor, 'exit')])
      if (successor.isDead()) return
      await stop(worker).catch((error) => console.error(error.message))
    }
    console.log('all workers are new')
  })

  for (let count = availableParallelism(); count > 0; count -= 1) fork()
  shutdown.ready()
}

function startServer() {
  const shutdown = createShutdown()
  const probe = handleProbes(shutdown)
  const server = createServer(async (req, res) => {
    if (probe(req, res)) return
    await setTimeout(20)
    res.end(`served by ${process.pid}\n`)
  })
  drainServer(server, shutdown)
  server.listen(Number(process.env.PORT ?? 3000), () => {
    console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
  })
}
