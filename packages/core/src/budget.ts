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
  const lastCall = deriveLastCall(guardMs, drainDeadlineMs - lameDuck.maxMs, wishes)
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

/** Throws `ERR_LASTCALL_BUDGET`, with the arithmetic, when what the user set does not fit. */
export function checkBudget(graceMs: number, wishes: BudgetWishes): void {
  const roomy = deriveBudget(graceMs)
  const { guardMs } = roomy
  const releaseMs = wishes.releaseMs ?? roomy.releaseMs
  const start = `grace period ${graceMs} − margin ${roomy.marginMs} − releaseMs ${releaseMs}`
  const leftMs = guardMs - releaseMs
  if (leftMs <= 0) throw badBudget(`${start} = ${leftMs} ms, nothing is left to drain in`)

  const lameDuckMs = wantedLameDuckMs(guardMs, wishes)
  const lastCallMs = wantedLastCallMs(guardMs, wishes)
  if (lameDuckMs + lastCallMs > leftMs) {
    const wanted = `lameDuck.maxMs ${lameDuckMs} + lastCall.maxMs ${lastCallMs} = ${lameDuckMs + lastCallMs} ms`
    throw badBudget(`${wanted}, but ${start} leaves ${leftMs} ms`)
  }
  const { cancelMs } = wishes
  if (cancelMs !== undefined && cancelMs > leftMs - lameDuckMs - lastCallMs) {
    const rest = `lameDuck.maxMs ${lameDuckMs} − lastCall.maxMs ${lastCallMs}`
    throw badBudget(
      `cancelMs ${cancelMs}, but ${start} − ${rest} leaves ${leftMs - lameDuckMs - lastCallMs} ms`,
    )
  }
}

function wantedLameDuckMs(guardMs: number, { lameDuck }: BudgetWishes): number {
  if (lameDuck === false) return 0
  return lameDuck?.maxMs ?? Math.max(Math.floor(Math.min(guardMs / 3, 15_000)), lameDuck?.minMs ?? 0)
}

function wantedLastCallMs(guardMs: number, { lastCall }: BudgetWishes): number {
  if (lastCall === false) return 0
  return lastCall?.maxMs ?? Math.floor(Math.min(guardMs / 6, 5_000))
}

function deriveLameDuck(guardMs: number, leftMs: number, wishes: BudgetWishes): Budget['lameDuck'] {
  const wanted = wishes.lameDuck || undefined
  const maxMs = Math.min(wantedLameDuckMs(guardMs, wishes), leftMs)
  const derivedMinMs = wishes.trafficIsGone ? 0 : Math.floor(Math.min(guardMs / 6, 5_000))
  return {
    minMs: Math.min(wanted?.minMs ?? derivedMinMs, maxMs),
    quietMs: Math.min(wanted?.quietMs ?? 1_000, Math.floor(maxMs / 2)),
    maxMs,
  }
}

function deriveLastCall(guardMs: number, leftMs: number, wishes: BudgetWishes): Budget['lastCall'] {
  const wanted = wishes.lastCall || undefined
  const maxMs = Math.min(wantedLastCallMs(guardMs, wishes), leftMs)
  return { maxMs, idleMs: Math.min(wanted?.idleMs ?? 1_000, Math.floor(maxMs / 2)) }
}
