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
  readonly lameDuck?: false | Partial<Budget['lameDuck']> | undefined
  readonly lastCall?: false | Partial<Budget['lastCall']> | undefined
  readonly cancelMs?: number | undefined
  readonly releaseMs?: number | undefined
  /** The platform takes the traffic away before it sends the signal, so a lame duck has nobody to wait for. */
  readonly trafficIsGone?: boolean
}

/** A phase that is turned off is one that has no time. */
const off = { maxMs: 0 }

/** Divides a grace period. Never throws: what does not fit is cut to what is left. */
export function deriveBudget(graceMs: number, wishes: BudgetWishes = {}): Budget {
  const lameDuck: Partial<Budget['lameDuck']> = wishes.lameDuck === false ? off : (wishes.lameDuck ?? {})
  const lastCall: Partial<Budget['lastCall']> = wishes.lastCall === false ? off : (wishes.lastCall ?? {})
  const marginMs = Math.min(Math.max(500, graceMs * 0.05), 2_000, graceMs / 5)
  const guardMs = Math.floor(graceMs - marginMs)
  const releaseMs = Math.min(wishes.releaseMs ?? Math.floor(Math.min(guardMs / 5, 10_000)), guardMs)
  const drainDeadlineMs = guardMs - releaseMs
  // with the default releaseMs this is four fifths of the guard, and both fractions are the same
  const sixthMs = Math.floor(Math.min(guardMs / 6, drainDeadlineMs / 4.8, 5_000))
  const thirdMs = Math.floor(
    Math.min(guardMs / 3, drainDeadlineMs / 2.4, drainDeadlineMs - (lastCall.maxMs ?? 0), 15_000),
  )
  const lameDuckMs = Math.min(lameDuck.maxMs ?? Math.max(thirdMs, lameDuck.minMs ?? 0), drainDeadlineMs)
  const lastCallMs = Math.min(lastCall.maxMs ?? sixthMs, drainDeadlineMs - lameDuckMs)
  const leftMs = drainDeadlineMs - lameDuckMs - lastCallMs
  return {
    graceMs,
    marginMs: graceMs - guardMs,
    guardMs,
    releaseMs,
    drainDeadlineMs,
    lameDuck: {
      minMs: Math.min(lameDuck.minMs ?? (wishes.trafficIsGone ? 0 : sixthMs), lameDuckMs),
      quietMs: Math.min(lameDuck.quietMs ?? 1_000, Math.floor(lameDuckMs / 2)),
      maxMs: lameDuckMs,
    },
    lastCall: { maxMs: lastCallMs, idleMs: Math.min(lastCall.idleMs ?? 1_000, Math.floor(lastCallMs / 2)) },
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

  const { minMs, maxMs } = wishes.lameDuck || {}
  const { maxMs: lastCallMs } = wishes.lastCall || {}
  const set = Object.entries({
    'lameDuck.maxMs': maxMs,
    'lameDuck.minMs': maxMs === undefined ? minMs : undefined,
    'lastCall.maxMs': lastCallMs,
    cancelMs,
  }).flatMap(([name, ms]) => (ms === undefined ? [] : [{ name, ms }]))
  const sumMs = set.reduce((sum, { ms }) => sum + ms, 0)
  if (sumMs <= roomMs) return
  const wanted = set.map(({ name, ms }) => `${name} ${ms}`).join(' + ')
  throw badBudget(`${wanted}${set.length > 1 ? ` = ${sumMs} ms` : ''}, but ${room} leaves ${roomMs} ms`)
}
