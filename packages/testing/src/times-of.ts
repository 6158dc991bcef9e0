interface Budget {
  readonly lameDuck: { readonly minMs: number; readonly quietMs: number; readonly maxMs: number }
  readonly lastCall: { readonly maxMs: number }
  readonly cancelMs: number
  readonly drainDeadlineMs: number
  readonly guardMs: number
}

/** The times of a shutdown, as the timeline in a README writes them. */
export function timesOf({ lameDuck, lastCall, cancelMs, drainDeadlineMs, guardMs }: Budget): string[] {
  const times = [lameDuck.minMs, lameDuck.quietMs, lameDuck.maxMs, lastCall.maxMs]
  return [...times, drainDeadlineMs - cancelMs, drainDeadlineMs, guardMs].map((ms) =>
    ms.toLocaleString('en').replace(',', ' '),
  )
}
