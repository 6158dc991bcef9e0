import type { Clock } from './clock.js'
import type { Holds } from './holds.js'
import type { Logger } from './logger.js'
import type { ResolvedOptions } from './options.js'
import type { Participants } from './participants.js'
import type { PhaseTrack } from './phases.js'
import type { Registry } from './registry.js'
import type { Serving } from './serving.js'

/** What one instance is made of. */
export interface Parts {
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly log: Logger
  readonly registry: Registry
  readonly phases: PhaseTrack
  readonly participants: Participants
  readonly holds: Holds
  readonly servers: Set<Serving>
  readonly stopping: AbortController
  readonly cancelling: AbortController
  readonly isShared: boolean
}
