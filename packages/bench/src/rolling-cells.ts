import type { Contender } from './contenders.js'
import { mixed } from './crowds.js'
import type { Front, Restart, Stack } from './stack.js'

/** One row of the tables: somebody behind something. */
export interface Cell {
  readonly contender: Contender
  readonly stack: Stack
}

/** The same, with what has been measured. */
export interface Measured extends Cell {
  readonly restarts: readonly Restart[]
}

export interface PlanOptions {
  readonly contenders: readonly Contender[]
  readonly fronts: readonly Front[]
  /** Of each stack of ours. @default each instance once */
  readonly restarts?: number | undefined
  /** Of each other: many take all of their grace period. @default each instance once */
  readonly restartsOfOthers?: number | undefined
}

export function planRolling({
  contenders,
  fronts,
  restarts,
  restartsOfOthers,
}: PlanOptions): readonly Cell[] {
  return fronts.flatMap((front, place) =>
    contenders.map((contender, number) => {
      const instances = front === 'direct' ? 2 : 3
      const stack: Stack = {
        title: `${front}, ${contender.title}`,
        app: contender.app,
        front,
        instances,
        restarts: (contender.kind === 'ours' ? restarts : restartsOfOthers) ?? instances,
        graceMs: graceOf(contender, front),
        crowd: mixed,
        seed: 1 + place * 100 + number,
      }
      return { contender, stack }
    }),
  )
}

/**
 * How long until SIGKILL. Without a balancer a client that thinks for 4 s comes back within the lame duck of 30 s, and not within that of
 * 10 s: then its connection is closed while it thinks, and what it sends in that moment is lost, whoever closes it.
 */
function graceOf({ kind }: Contender, front: Front): number {
  switch (kind) {
    case 'ours':
      return front === 'direct' ? 30_000 : 10_000
    case 'control':
      // it often takes all of it
      return 10_000
    case 'peer':
      // that of Kubernetes, which their documentation is about
      return 30_000
    default:
      return kind satisfies never
  }
}
