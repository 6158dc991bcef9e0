import { badBudget } from './errors.js'

/** How the grace period is divided. All values in ms, counted from the first trigger. */
export interface Budget {
  readonly graceMs: number
  /** What is kept back at the end for the loop to empty, the last log line and the kernel. */
  readonly marginMs: number
  /** Our own end: everything is over by then. */
  readonly guardMs: number
  /** How long resources have to close, right before the guard. */
  readonly releaseMs: number
  /** When draining ends, whatever is in flight. */
  readonly drainDeadlineMs: number
  readonly lameDuck: { readonly minMs: number; readonly quietMs: number; readonly maxMs: number }
  readonly lastCall: { readonly maxMs: number; readonly idleMs: number }
  /** How long before the drain deadline handlers are asked to give up. */
  readonly cancelMs: number
}

/** What the user set; everything else is derived. `false` skips the phase. */
export interface BudgetWishes {
  readonly lameDuck?: false | { readonly minMs?: number; readonly quietMs?: number; readonly maxMs?: number }
  readonly lastCall?: false | { readonly maxMs?: number; readonly idleMs?: number }
  readonly cancelMs?: number
  readonly releaseMs?: number
  /** The platform takes the traffic away before it sends the signal, so a lame duck has nobody to wait for. */
  readonly trafficIsGone?: boolean
}

/** Divides a grace period. Never throws: what does not fit is cut to what is left. */
export function deriveBudget(graceMs: number, wishes: BudgetWishes = {}): Budget {
  const marginMs = Math.min(Math.max(500, graceMs * 0.05), 2_000, graceMs / 5)
  const guardMs = Math.floor(graceMs - marginMs)
  const releaseMs = Math.min(wishes.releaseMs ?? Math.floor(Math.min(guardMs / 5, 10_000)), guardMs)
  const drainDeadlineMs = guardMs - releaseMs
  const lameDuck = deriveLameDuck(guardMs, drainDeadlineMs, wishes)
  const lastCall = deriveLastCall(guardMs, drainDeadlineMs, wishes, drainDeadlineMs - lameDuck.maxMs)
  const leftMs = drainDeadlineMs - lameDuck.maxMs - lastCall.maxMs
  return {
    graceMs,
    marginMs: graceMs - guardMs,
    guardMs,
    releaseMs,
    drainDeadlineMs,
    lameDuck,
    lastCall,
    cancelMs: Math.min(wishes.cancelMs ?? Math.floor(Math.min(2_000, leftMs / 4)), drainDeadlineMs),
  }
}

/** Throws `ERR_LASTCALL_BUDGET`, with the arithmetic, when what the user set does not fit; what is derived gives way. */
export function checkBudget(graceMs: number, wishes: BudgetWishes): void {
  const { guardMs, marginMs, releaseMs: derivedMs } = deriveBudget(graceMs)
  const { releaseMs = derivedMs, cancelMs } = wishes
  const room = `grace period ${graceMs} − margin ${marginMs} − releaseMs ${releaseMs}`
  const roomMs = guardMs - releaseMs
  if (roomMs <= 0) throw badBudget(`${room} = ${roomMs} ms, nothing is left to drain in`)

  const lameDuck = wishes.lameDuck || undefined
  const set = Object.entries({
    'lameDuck.maxMs': lameDuck?.maxMs,
    'lameDuck.minMs': lameDuck?.maxMs === undefined ? lameDuck?.minMs : undefined,
    'lastCall.maxMs': (wishes.lastCall || undefined)?.maxMs,
    cancelMs,
  }).flatMap(([name, ms]) => (ms === undefined ? [] : [{ name, ms }]))
  const sumMs = set.reduce((sum, { ms }) => sum + ms, 0)
  if (sumMs <= roomMs) return
  const wanted = set.map(({ name, ms }) => `${name} ${ms}`).join(' + ')
  throw badBudget(`${wanted}${set.length > 1 ? ` = ${sumMs} ms` : ''}, but ${room} leaves ${roomMs} ms`)
}

function deriveLameDuck(guardMs: number, roomMs: number, wishes: BudgetWishes): Budget['lameDuck'] {
  if (wishes.lameDuck === false) return { minMs: 0, quietMs: 0, maxMs: 0 }
  const { minMs, quietMs, maxMs } = wishes.lameDuck ?? {}
  const lastCallMs = (wishes.lastCall || undefined)?.maxMs ?? 0
  // with the default releaseMs the room is four fifths of the guard, and both fractions are the same
  const derivedMs = Math.floor(Math.min(guardMs / 3, roomMs / 2.4, roomMs - lastCallMs, 15_000))
  const longestMs = Math.min(maxMs ?? Math.max(derivedMs, minMs ?? 0), roomMs)
  const shortestMs = wishes.trafficIsGone ? 0 : Math.floor(Math.min(guardMs / 6, roomMs / 4.8, 5_000))
  return {
    minMs: Math.min(minMs ?? shortestMs, longestMs),
    quietMs: Math.min(quietMs ?? 1_000, Math.floor(longestMs / 2)),
    maxMs: longestMs,
  }
}

function deriveLastCall(
  guardMs: number,
  roomMs: number,
  wishes: BudgetWishes,
  leftMs: number,
): Budget['lastCall'] {
  if (wishes.lastCall === false) return { maxMs: 0, idleMs: 0 }
  const { maxMs, idleMs } = wishes.lastCall ?? {}
  const longestMs = Math.min(maxMs ?? Math.floor(Math.min(guardMs / 6, roomMs / 4.8, 5_000)), leftMs)
  return { maxMs: longestMs, idleMs: Math.min(idleMs ?? 1_000, Math.floor(longestMs / 2)) }
}
