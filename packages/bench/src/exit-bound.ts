import type { Report } from '@lastcall/core'
import { checkIntervalMs } from './balancers/haproxy.js'

/**
 * The most that a shutdown behind HAProxy may take, in ms: all of lame duck's minimum, the quiet that has to follow what
 * was sent until two checks had failed to reach it, and the spread of last call, as the app's own report has them.
 */
export function exitBound({ budget, phases }: Pick<Report, 'budget' | 'phases'>): number {
  const { lameDuck, lastCall } = budget
  const open = phases.find(({ phase }) => phase === 'last-call')?.connections ?? 0
  const spreadMs = Math.min(lastCall.maxMs / 2, 10 * open)
  return Math.round(lameDuck.minMs + lameDuck.quietMs + 2 * checkIntervalMs + spreadMs)
}
