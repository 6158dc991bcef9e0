import type { Departure } from '../guests/guests.js'
import type { Check } from '../probes/health-check.js'
import type { Target } from '../target.js'
import type { Exchange } from '../traffic/client.js'
import { createLossLog } from './loss-log.js'
import type { LossLog } from './loss-log.js'
import type { Recorder } from './recorder.js'
import { watchRestart } from './restart-watch.js'
import type { RestartWatch } from './restart-watch.js'
import { startTimeline } from './timeline.js'
import type { Timeline } from './timeline.js'

/** Hands on what is seen to those who keep it; of a restart, to those of the latest one. */
export interface Observer extends Pick<LossLog, 'losses'> {
  seeExchange(exchange: Exchange): void
  seeCheck(check: Check): void
  seeDeparture(departure: Departure): void
  seeRefused(target: Target): void
  /** The signal of a restart. */
  beginRestart(number: number, target: Target): RestartObserver
}

export interface RestartObserver {
  readonly timeline: Timeline
  readonly watch: RestartWatch
}

export function createObserver(recorder?: Recorder): Observer {
  const log = createLossLog()
  let latest: RestartObserver | undefined
  return {
    losses: log.losses,
    seeExchange(exchange) {
      latest?.timeline.seeExchange(exchange)
      latest?.watch.seeExchange(exchange)
      log.see(exchange)
      recorder?.seeExchange(exchange)
    },
    seeCheck(check) {
      latest?.timeline.seeCheck(check)
      latest?.watch.seeReadiness(check)
      recorder?.seeCheck(check)
    },
    seeDeparture: (departure) => latest?.watch.seeDeparture(departure),
    seeRefused: (target) => latest?.watch.seeRefused(target),
    beginRestart(number, target) {
      recorder?.begin(target)
      log.begin(number)
      latest = { timeline: startTimeline(target), watch: watchRestart(target) }
      return latest
    },
  }
}
