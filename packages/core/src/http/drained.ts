import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { Logger } from '../logger.js'
import type { Room } from './room.js'
import type { DrainableServer } from './servers.js'

/** What a drained server carries. Structural: another copy of the package may have put it there. */
interface Drained {
  /** Counts a request, unless that was done when it came. */
  count(res: ServerResponse | Http2ServerResponse): void
  /** That a second one wants to drain it was said. */
  warned: boolean
}

const key: unique symbol = Symbol.for('lastcall.drained.1') as never

/** Says who counts what goes through a server. Returns what undoes it. */
export function markDrained(server: DrainableServer, rooms: readonly Room[]): () => void {
  const drained: Drained = {
    count(res) {
      for (const room of rooms) room.countLate(res)
    },
    warned: false,
  }
  Object.assign(server, { [key]: drained })
  return () => {
    if (find(server) === drained) Reflect.deleteProperty(server, key)
  }
}

/** @internal */
export const isDrained = (server: DrainableServer): boolean => find(server) !== undefined

/**
 * @internal Counts a request that had come before its server was found: its event was nobody's. To be called by whoever
 * finds servers by their requests, for every request.
 */
export function countRequest(server: DrainableServer, res: ServerResponse | Http2ServerResponse): void {
  find(server)?.count(res)
}

/** Requests are counted once and closed once, by whoever came first. */
export function warnOfSecond(server: DrainableServer, log: Logger): void {
  const drained = find(server)
  if (!drained || drained.warned) return
  drained.warned = true
  log.warn({}, 'this server is drained already: nothing is done twice, one of the two can be left out')
}

const find = (server: DrainableServer): Drained | undefined => (server as { [key]?: Drained })[key]
