import type { BalancerView } from '../probes/balancer-view.js'
import type { Target } from '../target.js'
import type { TrafficOptions } from './traffic.js'

export interface DoorsOptions {
  readonly targets: readonly Target[]
  readonly view: BalancerView
  /** A client went elsewhere. */
  readonly onRefused: (target: Target) => void
}

/** Where clients may go: to those that are ready, and where nobody can say so, to those that accept. */
export function createDoors({
  targets,
  view,
  onRefused,
}: DoorsOptions): Required<Pick<TrafficOptions, 'candidates' | 'triesElsewhere'>> {
  const alone = targets.length === 1
  return {
    // While the only instance restarts, nobody could take new connections: clients wait, instead of losing them all.
    candidates: alone ? () => targets.filter(view.isReady) : view.candidates,
    triesElsewhere(refused) {
      // Who can say no is taken at its word.
      if (view.knowsReadiness()) return false
      onRefused(refused)
      view.noteRefused(refused)
      return alone || targets.some(view.isReady)
    },
  }
}
