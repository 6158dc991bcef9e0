import type { RestartResult } from '../../report.js'

/** When the process was gone, was started again, and was ready, in ms after SIGTERM. */
export interface Moments {
  readonly exitMs: number
  readonly startedMs: number
  readonly readyMs: number
}

export function momentsOf({ stopMs, startMs, timeline }: RestartResult): Moments {
  const at = (event: string): number | undefined => timeline.find((one) => one.event === event)?.atMs
  const startedMs = Math.max(stopMs, at('started again') ?? stopMs)
  return { exitMs: stopMs, startedMs, readyMs: startedMs + startMs }
}
