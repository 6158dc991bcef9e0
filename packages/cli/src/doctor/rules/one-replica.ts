import { fewestReplicas, mayBeNode, serves } from '../workloads/relations.js'
import type { Rule } from './rule.js'

/** A deploy starts another pod first; whoever drains the node does not. */
export const oneReplica: Rule = ({ model }) =>
  model.controllers.flatMap((controller) => {
    const { kind, name, at, replicas, isPartial, strategy } = controller
    if (
      kind !== 'Deployment' ||
      isPartial ||
      strategy.type === 'Recreate' ||
      !mayBeNode(controller) ||
      !serves(controller, model)
    )
      return []
    const fewest = fewestReplicas(controller, model)
    if (fewest !== undefined && fewest !== 1) return []
    const unsure = fewest === undefined ? ', unless something else scales it' : ''
    return {
      code: 'one-replica',
      severity: 'note',
      at: replicas?.at ?? at,
      message: `${name} has one pod${unsure}: when its node is drained nothing serves until another has started.`,
      arithmetic: `replicas 1${replicas ? '' : ' (default)'} − 1 evicted = 0 serving`,
      fix: 'replicas: 2',
    }
  })
