import type { Recording } from '../../observation/recording.js'
import { momentsOf } from '../picture/moments.js'

/** How an instance looks to whoever asks it. */
export type OutsideState = 'serving' | 'not ready' | 'refused' | 'silent' | 'exited' | 'starting' | 'ready'

export interface OutsideSpan {
  readonly state: OutsideState
  readonly fromMs: number
  readonly toMs: number
}

/** What the outside sees of the instance, one state after the other. */
export function seeFromOutside(recording: Recording, toMs: number): readonly OutsideSpan[] {
  const { exitMs, startedMs, readyMs } = momentsOf(recording.result)
  const changes: { atMs: number; state: OutsideState }[] = [{ atMs: -Infinity, state: 'serving' }]
  const goneMs = findGone(recording)
  for (const { result, startMs, endMs } of recording.readiness) {
    // What began before it was gone and ended after that says nothing about either side.
    if (endMs <= goneMs || startMs >= readyMs) {
      changes.push({ atMs: endMs, state: result === 'ready' ? healthy(endMs > goneMs) : unhealthy[result] })
    }
  }
  // Clients and liveness notice before the next check of readiness does.
  if (recording.refusedMs < exitMs) changes.push({ atMs: recording.refusedMs, state: 'refused' })
  changes.push({ atMs: goneMs, state: 'exited' })
  changes.push({ atMs: startedMs, state: 'starting' })
  changes.push({ atMs: readyMs, state: 'ready' })
  return join(
    changes.toSorted((a, b) => a.atMs - b.atMs),
    toMs,
  )
}

/** When nobody answers any more: the app behind a wrapper may go on after the exit, until it is ended as well. */
function findGone({ result, readiness }: Recording): number {
  const { exitMs, startedMs } = momentsOf(result)
  const answered = readiness.filter(
    ({ result: answer, startMs, endMs }) =>
      (answer === 'ready' || answer === 'not-ready') && startMs >= exitMs && endMs <= startedMs,
  )
  return Math.max(exitMs, ...answered.map(({ endMs }) => endMs))
}

const unhealthy = { 'not-ready': 'not ready', refused: 'refused', unanswered: 'silent' } as const

const healthy = (restarted: boolean): OutsideState => (restarted ? 'ready' : 'serving')

function join(
  changes: readonly { readonly atMs: number; readonly state: OutsideState }[],
  endMs: number,
): readonly OutsideSpan[] {
  const spans: OutsideSpan[] = []
  for (const [index, { atMs, state }] of changes.entries()) {
    const toMs = changes[index + 1]?.atMs ?? endMs
    const last = spans.at(-1)
    if (last?.state === state) spans[spans.length - 1] = { ...last, toMs }
    else if (toMs > atMs) spans.push({ state, fromMs: atMs, toMs })
  }
  return spans
}
