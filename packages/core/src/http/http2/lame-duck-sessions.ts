import type { Budget } from '../../budget.js'
import type { Clock } from '../../clock.js'
import { isProbe, type ProbePaths } from '../probes.js'
import { whenQuiet } from '../quiet.js'
import { randomDelay } from '../tell.js'
import { asRequest } from './answer-stream.js'
import { ackMs, sayGoaway } from './goaway.js'
import type { SessionTraffic } from './sessions.js'

/**
 * As with connections: everything is served; from half of `minMs` on the sessions that are there are told to go, each once
 * and at its own moment, and who comes back is served. Nothing is refused by that, so an idle one need not be waited for.
 */
export function lameDuckSessions(options: {
  traffic: SessionTraffic
  clock: Clock
  random: () => number
  budget: Budget['lameDuck']
  probes: ProbePaths | false
}): Promise<void> {
  const { traffic, clock, random, budget, probes } = options
  const { minMs, maxMs } = budget
  let lastRequestAt = traffic.lastRequestAt

  traffic.observer = {
    request({ headers, startedAt }) {
      if (!isProbe(asRequest(headers), probes)) lastRequestAt = startedAt
    },
  }
  clock.after(minMs / 2, () => {
    const spread = { connections: traffic.sessions }
    for (const session of traffic.sessions) {
      clock.after(randomDelay(random, spread, (maxMs - minMs / 2) / 2), () => {
        // it has left, or last call was sooner
        if (session.told || !traffic.sessions.has(session)) return
        sayGoaway(session, { traffic, clock, waitMs: Math.min(ackMs, maxMs / 2) })
      })
    }
  })
  return whenQuiet(budget, clock, () => lastRequestAt)
}
