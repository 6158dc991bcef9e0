import type { Controller, Model } from '../workloads/model.js'
import { countOf, fewestReplicas, mayBeNode, serves } from '../workloads/relations.js'
import type { Rule } from './rule.js'

/** A deploy that stops pods before it has started others. */
export const unavailableWithoutSurge: Rule = ({ model }) =>
  model.controllers.flatMap((controller) => {
    if (controller.isPartial || !mayBeNode(controller) || !serves(controller, model)) return []
    if (controller.kind === 'Deployment') return checkDeployment(controller, model) ?? []
    return controller.kind === 'StatefulSet' ? (checkStatefulSet(controller, model) ?? []) : []
  })

const fix = 'strategy:\n  rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }'

function checkDeployment(controller: Controller, model: Model): ReturnType<Rule>[number] | undefined {
  const { name, strategy } = controller
  const code = 'unavailable-without-surge'
  if (strategy.type === 'Recreate') {
    // a volume that one pod at a time may mount leaves no choice
    const severity = controller.claimsVolume ? 'note' : 'warning'
    const message = `${name} is stopped in full before a new pod starts: every deploy is an outage.`
    return {
      code,
      severity,
      at: strategy.at,
      message,
      arithmetic: 'strategy Recreate',
      fix: `strategy:\n  type: RollingUpdate\n  rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }`,
    }
  }
  const replicas = fewestReplicas(controller, model) ?? 1
  const surgeText = strategy.maxSurge?.value ?? '25%'
  const unavailableText = strategy.maxUnavailable?.value ?? '25%'
  const surge = countOf(surgeText, replicas, Math.ceil)
  const unavailable = countOf(unavailableText, replicas, Math.floor)
  if (surge !== 0 || unavailable === undefined || replicas === 0) return undefined
  const at = strategy.maxUnavailable?.at ?? strategy.maxSurge?.at ?? strategy.at
  // Kubernetes refuses two zeros, and takes one pod away where both are rounded to zero
  const gone = Math.max(1, Math.min(unavailable, replicas))
  const arithmetic = `replicas ${replicas} − maxUnavailable ${unavailableText} + maxSurge ${surgeText} = ${replicas - gone} serving`
  if (gone < replicas)
    return {
      code,
      severity: 'note',
      at,
      message: `${name} has fewer pods during every deploy: the rest have to carry the load.`,
      arithmetic,
      fix,
    }
  return {
    code,
    severity: 'warning',
    at,
    message: `${name} has no pod left in the middle of a deploy: every deploy is an outage.`,
    arithmetic,
    fix,
  }
}

function checkStatefulSet(controller: Controller, model: Model): ReturnType<Rule>[number] | undefined {
  const { name, strategy, replicas, at, claimsVolume } = controller
  if (strategy.type === 'OnDelete' || fewestReplicas(controller, model) !== 1) return undefined
  const message = `${name} has one pod, and a StatefulSet stops it before its successor starts: every deploy is an outage.`
  return {
    code: 'unavailable-without-surge',
    severity: claimsVolume ? 'note' : 'warning',
    at: replicas?.at ?? at,
    message,
    arithmetic: 'replicas 1 − 1 = 0 serving',
    fix: 'replicas: 2',
  }
}
