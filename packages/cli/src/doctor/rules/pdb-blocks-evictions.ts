import type { DisruptionBudget, Model } from '../workloads/model.js'
import { countOf, fewestReplicas, selects } from '../workloads/relations.js'
import type { Rule } from './rule.js'

/** A budget that never allows an eviction: nodes cannot be drained, so in the end somebody does it by force. */
export const pdbBlocksEvictions: Rule = ({ model }) =>
  model.disruptionBudgets.flatMap((budget) => {
    const found = blocks(budget, model)
    if (!found) return []
    return {
      code: 'pdb-blocks-evictions',
      severity: 'warning',
      at: found.at,
      message: `The disruption budget ${budget.name} allows no eviction, so draining a node waits for ever.`,
      arithmetic: found.arithmetic,
      fix: 'maxUnavailable: 1',
    }
  })

function blocks(
  { minAvailable, maxUnavailable, ...budget }: DisruptionBudget,
  model: Model,
): { at: DisruptionBudget['at']; arithmetic: string } | undefined {
  if (maxUnavailable && /^0%?$/.test(maxUnavailable.value))
    return { at: maxUnavailable.at, arithmetic: `maxUnavailable ${maxUnavailable.value}: no eviction` }
  if (!minAvailable) return undefined
  const { value, at } = minAvailable
  if (value === '100%') return { at, arithmetic: 'minAvailable 100%: no eviction' }
  // what counts are all pods that it selects, whoever they belong to
  const selected = model.controllers.filter((controller) => selects(budget, controller))
  let replicas = 0
  for (const controller of selected) {
    const fewest = fewestReplicas(controller, model)
    if (controller.isPartial || fewest === undefined) return undefined
    replicas += fewest
  }
  const needed = countOf(value, replicas, Math.ceil)
  if (replicas === 0 || needed === undefined || needed < replicas) return undefined
  const names = selected.map(({ name }) => name).join(', ')
  const minimum = value.endsWith('%') ? `${value} = ${needed}` : value
  return { at, arithmetic: `minAvailable ${minimum} ≥ replicas ${replicas} of ${names}` }
}
