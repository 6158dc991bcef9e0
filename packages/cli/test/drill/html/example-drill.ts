import { createRecording } from '#src/drill/recording.js'
import type { Recording, Seen } from '#src/drill/recording.js'
import { createReport } from '#src/drill/report.js'
import type { DrillReport, RestartResult } from '#src/drill/report.js'
import type { Outcome } from '#src/drill/tally.js'

export const here = { name: 'instance 1', host: '127.0.0.1', port: 1 }
export const there = { name: 'instance 2', host: '127.0.0.1', port: 2 }

export const restart: RestartResult = {
  number: 1,
  instance: here.name,
  exitCode: 0,
  exitSignal: null,
  forced: false,
  stopMs: 3_000,
  startMs: 400,
  requests: 2_000,
  lost: 0,
  servedAfterSignal: 321,
  timeline: [
    { atMs: 0, event: 'SIGTERM sent' },
    { atMs: 120, event: 'health check sees not ready (503)' },
    { atMs: 3_001, event: 'exit, code 0' },
    { atMs: 3_004, event: 'started again' },
    { atMs: 3_404, event: 'ready' },
  ],
}

export function exchange(startedAt: number, endedAt: number, outcome: Outcome = 'ok', target = here) {
  const status = outcome === 'ok' ? 200 : undefined
  return { target, method: 'GET', outcome, status, told: false, startedAt, endedAt } as const
}

export function record(seen: Partial<Seen> = {}, result: Partial<RestartResult> = {}): Recording {
  const nothing = { exchanges: [], checks: [], connections: [], output: '' }
  const whole = { target: here, signalledAt: 0, endedAt: 4_000, ...nothing, ...seen }
  return createRecording({ ...restart, ...result }, whole, 4_000)
}

/** A report of these recordings. */
export function reportOf(recordings: readonly Recording[], changed: Partial<DrillReport> = {}): DrillReport {
  const lost = recordings.reduce((sum, { result }) => sum + result.lost, 0)
  const report = createReport({
    options: {
      command: ['node', 'server.js'],
      restarts: recordings.length,
      instances: 2,
      graceMs: 10_000,
      readyTimeoutMs: 30_000,
      clients: 40,
      seed: 1,
      paths: { ready: '/readyz', get: '/', post: '/', list: '/', slow: '/', large: '/' },
    },
    leftOut: [],
    durationMs: 12_345,
    traffic: {
      requests: 2_000,
      gets: 1_400,
      posts: 600,
      lost,
      outcomes: {
        ok: 2_000 - lost,
        refused: 0,
        reset: lost,
        truncated: 0,
        timedOut: 0,
        serverError: 0,
        other: 0,
      },
    },
    rows: { answered: 600, missing: [], duplicates: [], storedUnanswered: 0 },
    restarts: recordings.map(({ result }) => result),
  })
  return { ...report, ...changed }
}
