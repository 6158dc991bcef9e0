import type { Recording } from '../../observation/recording.js'
import { countedFrom } from '../loss-counts.js'
import { momentsOf } from './moments.js'

/**
 * The stretch of time that a picture shows: from a little before the signal until a little after the new process is
 * ready, and everything that was lost and is counted here.
 */
export function chooseWindow(recording: Recording, graceMs: number): readonly [number, number] {
  const { readyMs } = momentsOf(recording.result)
  const leadMs = Math.min(400, readyMs / 8)
  const lostAt = recording.requests
    .filter(({ outcome, endMs }) => outcome !== 'ok' && endMs >= countedFrom(recording))
    .map(({ endMs }) => endMs)
  const firstLostMs = lostAt.reduce((least, ms) => Math.min(least, ms), Infinity)
  const lastLostMs = lostAt.reduce((most, ms) => Math.max(most, ms), -Infinity)
  const toMs = Math.max(Math.min(readyMs + 500, recording.countedToMs), readyMs + 50, lastLostMs + 20)
  // The end of the grace period is worth showing when it is near.
  const withGraceMs = graceMs <= toMs * 1.25 ? Math.max(toMs, graceMs + 50) : toMs
  return [Math.min(-leadMs, firstLostMs - 20), withGraceMs]
}
