import type { ServerResponse } from 'node:http'
import type { Budget } from '../budget.js'
import type { Clock } from '../clock.js'
import type { Connection } from './connection.js'
import type { Traffic } from './connections.js'
import { isProbe, type ProbePaths } from './probes.js'
import { whenQuiet } from './quiet.js'
import { randomDelay, tellOn } from './tell.js'

/**
 * Everything is served, and the listener stays open. Settles after `minMs`, as soon as no request but a probe has come
 * for `quietMs`: by then the routers have noticed. New or silent connections alone do not count, health checks open them.
 *
 * Halfway through `minMs` whoever watches has noticed. From there on those who were connected are told to go, each once and
 * at its own moment: they have all of the phase to be told on a response, and are not cut off between two requests later.
 * Who comes back all the same has nowhere else to go, and is served until last call.
 */
export function lameDuck(options: {
  traffic: Traffic
  clock: Clock
  random: () => number
  budget: Budget['lameDuck']
  probes: ProbePaths | false
}): Promise<void> {
  const { traffic, clock, random, probes } = options
  const { minMs, maxMs } = options.budget
  const moments = new Map<Connection, number>()
  let lastRequestAt = traffic.lastRequestAt

  const tell = (connection: Connection, res: ServerResponse): void => {
    const at = moments.get(connection)
    if (at !== undefined) tellOn(connection, res, { traffic, clock, at })
  }
  clock.after(minMs / 2, () => {
    for (const connection of traffic.connections) {
      moments.set(connection, clock.now() + randomDelay(random, traffic, (maxMs - minMs / 2) / 2))
      if (connection.latest) tell(connection, connection.latest)
    }
  })

  traffic.observer = {
    request(connection, req, res) {
      if (!isProbe(req, probes)) lastRequestAt = connection.requestedAt
      tell(connection, res)
    },
    opened() {},
    resting() {},
    closed: (connection) => void moments.delete(connection),
  }
  return whenQuiet(options.budget, clock, () => lastRequestAt)
}
