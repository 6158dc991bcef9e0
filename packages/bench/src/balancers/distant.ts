import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { startBalancerView } from 'lastcall/drill'
import type { Target } from 'lastcall/drill'
import { host } from './balancer.js'
import type { Balancer } from './balancer.js'
import { readinessPath } from './readiness.js'

/** One way, so a round trip takes twice as long. */
const delayMs = 10

/**
 * Clients connect directly from some way off: everything, the end of a connection included, arrives `delayMs` later.
 * On loopback a request and a close hardly ever cross; here they do as often as between two cities.
 */
export async function connectFromAfar(backends: readonly Target[]): Promise<Balancer> {
  const view = startBalancerView({ targets: backends, path: readinessPath })
  let refused = 0
  const relays = await Promise.all(
    backends.map(async (backend) => {
      const server = await startRelay(backend, () => refused++)
      const { port } = server.address() as AddressInfo
      return { backend, server, target: { name: backend.name, host, port } }
    }),
  )
  const backendOf = new Map(relays.map(({ backend, target }) => [target, backend]))
  return {
    targets: relays.map(({ target }) => target),
    isReady(target) {
      const backend = backendOf.get(target)
      return backend !== undefined && view.isReady(backend)
    },
    becomesReady: view.becomesReady,
    // the relay has accepted by the time it is refused: its client sees a reset
    countErrors: async () => ({ connecting: refused, responding: 0 }),
    takeLog: async () => '',
    async stop() {
      await view.stop()
      for (const { server } of relays) server.close()
    },
  }
}

async function startRelay({ port }: Target, onRefused: () => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const backend = connect({ host, port, allowHalfOpen: true, noDelay: true })
    let connected = false
    backend.once('connect', () => (connected = true))
    backend.once('error', () => {
      if (!connected) onRefused()
    })
    forward(client, backend)
    forward(backend, client)
  })
  server.listen(0, host)
  await once(server, 'listening')
  return server
}

/** Timers of equal length fire in the order in which they were set, so nothing overtakes anything. */
function forward(from: Socket, to: Socket): void {
  const later = (action: () => void): void => void setTimeout(action, delayMs)
  from.on('data', (chunk: Buffer) => later(() => to.write(chunk)))
  from.on('end', () => later(() => to.end()))
  let broken = false
  from.on('error', () => (broken = true))
  from.on('close', () => later(() => (broken ? to.resetAndDestroy() : to.destroySoon())))
}
