import type { Clock } from './clock.js'
import type { Holds } from './holds.js'
import { isBefore, type Phase } from './phases.js'
import type { PhaseRecord } from './report.js'
import { addUp, noTraffic, type Serving, type ServingSnapshot } from './serving.js'

/** Writes down what was going on each time a phase ended and another began. */
export interface Boundaries {
  readonly records: readonly PhaseRecord[]
  /** Ends the phase before, for the reason given, and returns the counters at this moment. */
  cross(to: Phase, ended: string): Pick<PhaseRecord, 'inFlight' | 'connections' | 'holds'>
}

export function createBoundaries(
  clock: Clock,
  servers: ReadonlySet<Serving>,
  holds: Holds,
  from: Phase,
): Boundaries {
  const records: PhaseRecord[] = []
  const look = () => ({ at: clock.now(), traffic: traffic(servers), holds: holds.size })
  let phase = from
  let start = look()
  return {
    records,
    cross(to, ended) {
      const here = look()
      if (!isBefore(phase, 'lame-duck')) {
        records.push({
          phase,
          tookMs: Math.round(here.at - start.at),
          ended,
          skipped: ended.startsWith('skipped'),
          requests: here.traffic.requests - start.traffic.requests,
          inFlight: start.traffic.inFlight,
          connections: start.traffic.connections,
          holds: start.holds,
        })
      }
      phase = to
      start = here
      return { inFlight: here.traffic.inFlight, connections: here.traffic.connections, holds: here.holds }
    },
  }
}

/** The counters of all servers of an instance together. */
export function traffic(servers: ReadonlySet<Serving>): ServingSnapshot {
  return [...servers].map((server) => server.snapshot()).reduce(addUp, noTraffic)
}
