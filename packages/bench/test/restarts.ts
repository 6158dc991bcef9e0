import type { Contender } from '#src/contenders.js'
import type { Measured } from '#src/rolling-cells.js'
import type { Front, LostRequest, Restart } from '#src/stack.js'

/** A restart that cost nothing, unless it is told to. */
export const restart = (given: Partial<Restart> = {}): Restart => ({
  number: 1,
  instance: 'app-1',
  requests: 100,
  posts: 30,
  lost: [],
  errors: undefined,
  stopMs: 1_600,
  exitCode: 0,
  exitSignal: null,
  forced: false,
  exitBoundMs: 3_000,
  closed: undefined,
  evidence: [],
  ...given,
})

export const lostPost: LostRequest = {
  method: 'POST',
  outcome: 'reset',
  status: undefined,
  target: 'app-1',
  startedMs: 1,
  endedMs: 2,
}

export const restarts = (count: number, given: Partial<Restart> = {}): Restart[] =>
  Array.from({ length: count }, () => restart(given))

export const measured = (kind: Contender['kind'], front: Front, of: readonly Restart[]): Measured => ({
  contender: { name: kind, kind, app: kind, title: kind },
  stack: {
    title: `${front}, ${kind}`,
    app: kind,
    front,
    instances: 3,
    restarts: of.length,
    graceMs: 10_000,
    crowd: [],
    seed: 1,
  },
  restarts: of,
})
