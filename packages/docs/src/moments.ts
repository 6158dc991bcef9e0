import { explain } from '@lastcall/core/explain'

/** The default timeline in ms after the signal, each phase as long as the budget allows. */
export interface Moments {
  /** Connections begin to be told to go. */
  readonly tellMs: number
  /** What lame duck takes at least. */
  readonly quietFromMs: number
  /** How long nothing has to have come then. */
  readonly quietMs: number
  readonly lastCallMs: number
  readonly drainingMs: number
  readonly cancelMs: number
  readonly releasingMs: number
  readonly stoppedMs: number
  readonly graceMs: number
}

/** As core derives it where no platform is recognised and nothing is set. */
export function defaultMoments(): Moments {
  const { values } = explain()
  const lastCallMs = values['lameDuck.maxMs'].ms
  return {
    tellMs: values['lameDuck.minMs'].ms / 2,
    quietFromMs: values['lameDuck.minMs'].ms,
    quietMs: values['lameDuck.quietMs'].ms,
    lastCallMs,
    drainingMs: lastCallMs + values['lastCall.maxMs'].ms,
    cancelMs: values.drainDeadlineMs.ms - values.cancelMs.ms,
    releasingMs: values.drainDeadlineMs.ms,
    stoppedMs: values.guardMs.ms,
    graceMs: values.gracePeriodMs.ms,
  }
}

/** To a hundredth of a second, as the pages have it. */
export const seconds = (ms: number): string => String(Math.round(ms / 10) / 100)
