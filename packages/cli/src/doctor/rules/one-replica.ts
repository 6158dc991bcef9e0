import type { Controller, Model } from '../workloads/model.js'
import { fewestReplicas, mayBeNode, serves } from '../workloads/relations.js'
import type { Rule } from './rule.js'

/** A deploy starts another pod first; whoever drains the node does not. Said once for each file. */
export const oneReplica: Rule = ({ model }) => {
  const single = model.controllers.filter((controller) => isSingle(controller, model))
  const files = [...new Set(single.map(({ at }) => at.file))]
  return files.flatMap((file) => {
    const own = single.filter(({ at }) => at.file === file)
    const [first] = own
    if (!first) return []
    const who = own.length === 1 ? `${first.name} has` : `${first.name} and ${own.length - 1} more here have`
    const unsure = own.some(({ replicas }) => replicas === undefined)
      ? ', unless something else scales it'
      : ''
    return {
      code: 'one-replica',
      severity: 'note',
      at: first.replicas?.at ?? first.at,
      message: `${who} one pod${unsure}: when its node is drained nothing serves until another has started.`,
      arithmetic: `replicas 1${first.replicas ? '' : ' (default)'} − 1 evicted = 0 serving`,
      fix: 'replicas: 2',
    }
  })
}

function isSingle(controller: Controller, model: Model): boolean {
  if (controller.kind !== 'Deployment' || controller.isPartial || controller.strategy.type === 'Recreate')
    return false
  return mayBeNode(controller) && serves(controller, model) && (fewestReplicas(controller, model) ?? 1) === 1
}
