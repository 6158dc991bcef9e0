import type { Budget } from '../budget.js'
import type { Clock } from '../clock.js'
import type { Traffic } from './connections.js'
import type { ProbePaths } from './probes.js'
import { isProbe } from './probes.js'

/**
 * Everything is served, and the listener stays open. Settles after `minMs`, as soon as no request but a probe has come
 * for `quietMs`: by then the routers have noticed. New or silent connections alone do not count, health checks open them.
 */
export function lameDuck(
  traffic: Traffic,
  clock: Clock,
  { minMs, quietMs }: Budget['lameDuck'],
  probes: ProbePaths | false,
): Promise<void> {
  let lastRequestAt = traffic.lastRequestAt
  traffic.observer = {
    request(connection, req) {
      if (!isProbe(req, probes)) lastRequestAt = connection.requestedAt
    },
    opened() {},
    resting() {},
    closed() {},
  }
  return new Promise((resolve) => {
    const look = (): void => {
      const waitMs = lastRequestAt + quietMs - clock.now()
      if (waitMs <= 0) resolve()
      else clock.after(waitMs, look)
    }
    clock.after(minMs, look)
  })
}
