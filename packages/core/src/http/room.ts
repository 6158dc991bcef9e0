import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { Clock } from '../clock.js'
import type { Serving } from '../serving.js'
import type { Shutdown } from '../shutdown.js'
import type { Listener } from './listener.js'
import type { ProbePaths } from './probes.js'
import type { RequestLike, ResponseLike } from './request-like.js'

/** What the protocols of one server have in common. */
export interface Surroundings {
  readonly shutdown: Shutdown
  readonly clock: Clock
  readonly random: () => number
  readonly listener: Listener
  readonly probes: ProbePaths | false
  /** Answers a probe; false when it is none. */
  readonly probe: (req: RequestLike, res: ResponseLike) => boolean
}

/** A server that speaks two protocols serves twice: each has connections of its own, and its own way to say goodbye. */
export interface Room {
  readonly serving: Serving
  /** Counts a request whose event was over when the server was found, unless it was counted. */
  countLate(res: ServerResponse | Http2ServerResponse): void
  undo(): void
}
