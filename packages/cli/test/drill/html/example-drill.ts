import type { ObservedRestart } from '#src/drill/observation/observed.js'
import { createRecording } from '#src/drill/observation/recording.js'
import type { Recording, Seen } from '#src/drill/observation/recording.js'
import { createReport } from '#src/drill/report.js'
import type { DrillReport } from '#src/drill/report.js'
import type { Outcome } from '#src/drill/traffic/tally.js'
import { anObserved, aRestart } from '../an-observed.js'

export const here = { name: 'instance 1', host: '127.0.0.1', port: 1 }
export const there = { name: 'instance 2', host: '127.0.0.1', port: 2 }

export const restart: ObservedRestart = aRestart({
  stopMs: 3_000,
  startMs: 400,
  refusedAtMs: 3_000,
  timeline: [
    { atMs: 0, event: 'SIGTERM sent' },
    { atMs: 120, event: 'health check sees not ready (503)' },
    { atMs: 3_001, event: 'exit, code 0' },
    { atMs: 3_004, event: 'started again' },
    { atMs: 3_404, event: 'ready' },
  ],
})

export function exchange(startedAt: number, endedAt: number, outcome: Outcome = 'ok', target = here) {
  const status = outcome === 'ok' ? 200 : undefined
  return { target, method: 'GET', outcome, status, told: false, startedAt, endedAt } as const
}

export function record(seen: Partial<Seen> = {}, changed: Partial<ObservedRestart> = {}): Recording {
  const nothing = { exchanges: [], checks: [], connections: [], output: '' }
  const whole = { target: here, signalledAt: 0, endedAt: 4_000, ...nothing, ...seen }
  return createRecording({ ...restart, ...changed }, whole, 4_000)
}

/** A report of these recordings. */
export function reportOf(recordings: readonly Recording[], changed: Partial<DrillReport> = {}): DrillReport {
  const lost = recordings.reduce((sum, { result }) => sum + result.lost, 0)
  const report = createReport(anObserved())
  const outcomes = { ...report.traffic.outcomes, ok: 2_000 - lost, reset: lost }
  const passed = lost === 0 && recordings.every(({ result }) => !result.forced)
  const restarts = recordings.map(({ result }) => result)
  return { ...report, passed, restarts, traffic: { ...report.traffic, lost, outcomes }, ...changed }
}
