import type { Recorder } from './observation/recorder.js'
import type { RestartResult } from './report.js'
import type { Traffic } from './traffic/traffic.js'

export interface DrillEvents {
  /** What the drill does next, in words. */
  readonly onStep?: (step: string) => void
  /** The traffic begins; its tally can be read at any time. */
  readonly onTraffic?: (traffic: Traffic) => void
  /** An instance has been restarted. */
  readonly onRestart?: (result: RestartResult) => void
  /** Told everything that is seen around the restarts; without one, nothing of it is kept. */
  readonly recorder?: Recorder | undefined
}
