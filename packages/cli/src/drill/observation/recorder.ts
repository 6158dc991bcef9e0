import type { Check } from '../probes/health-check.js'
import type { Target } from '../target.js'
import type { OnConnection, Exchange } from '../traffic/client.js'
import type { ObservedRestart } from './observed.js'
import { createRecording } from './recording.js'
import type { Recording, SeenCount } from './recording.js'

/** Keeps what is seen around each restart, for those who draw it. */
export interface Recorder {
  readonly seeExchange: (exchange: Exchange) => void
  readonly seeCheck: (check: Check) => void
  readonly seeConnection: OnConnection
  /** SIGTERM is sent to this instance. */
  begin(target: Target): void
  /** The process is gone; these are the last lines that it printed. */
  readonly hear: (output: string) => void
  /** What comes from here on belongs to the next restart. */
  end(restart: ObservedRestart): void
  recordings(): readonly Recording[]
}

/** How long before the signal it is worth knowing what was going on. */
const leadMs = 400

/** Answered requests that are kept, of all restarts together: enough for a picture, and not for filling the memory. */
const mostAnswered = 40_000

/** @param now in ms, on the clock of what is seen */
export function createRecorder(restarts: number, now: () => number = () => performance.now()): Recorder {
  const most = Math.floor(Math.min(4_000, mostAnswered / restarts))
  const finished: Recording[] = []
  let exchanges: Exchange[] = []
  let checks: Check[] = []
  let connections: SeenCount[] = []
  let output = ''
  let current: { target: Target; signalledAt: number } | undefined
  let ended: { restart: ObservedRestart; endedAt: number } | undefined
  const open = new Map<Target, number>()

  const record = (): readonly Recording[] => {
    if (!current || !ended) return []
    const seen = { ...current, endedAt: ended.endedAt, exchanges, checks, connections, output }
    return [createRecording(ended.restart, seen, most)]
  }
  const forget = (before: number): void => {
    exchanges = exchanges.filter(({ endedAt }) => endedAt >= before)
    checks = checks.filter(({ endedAt }) => endedAt >= before)
    const atThatTime = new Map(connections.filter(({ at }) => at < before).map((seen) => [seen.target, seen]))
    connections = [
      ...[...atThatTime.values()].map((seen) => ({ ...seen, at: before })),
      ...connections.filter(({ at }) => at >= before),
    ]
  }

  return {
    seeExchange: (exchange) => void exchanges.push(exchange),
    seeCheck: (check) => void checks.push(check),
    seeConnection(target, isOpen) {
      const count = (open.get(target) ?? 0) + (isOpen ? 1 : -1)
      open.set(target, count)
      connections.push({ target, at: now(), open: count })
    },
    begin(target) {
      finished.push(...record())
      const signalledAt = now()
      // Before the first restart nothing else tells of what has happened.
      if (current) forget(signalledAt - leadMs)
      current = { target, signalledAt }
      ended = undefined
      output = ''
    },
    hear: (printed) => void (output = printed),
    end: (restart) => void (ended = { restart, endedAt: now() }),
    recordings: () => [...finished, ...record()],
  }
}
