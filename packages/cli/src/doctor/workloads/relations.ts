import type { Controller, DisruptionBudget, Model } from './model.js'

/** Whether requests come to it: a service selects it, or it has ports. */
export const serves = (controller: Controller, { services }: Pick<Model, 'services'>): boolean =>
  controller.containers.some(({ ports }) => ports.length > 0) ||
  services.some((service) => selects(service, controller))

/** Whether a selector picks the pods of a controller. */
export function selects(
  { selector, namespace }: Pick<DisruptionBudget, 'selector' | 'namespace'>,
  controller: Pick<Controller, 'labels' | 'namespace'>,
): boolean {
  if (!selector || selector.size === 0 || namespace !== controller.namespace) return false
  return [...selector].every(([key, value]) => controller.labels.get(key) === value)
}

/** How few there may be; undefined when nothing here says so. */
export function fewestReplicas(
  { kind, name, namespace, replicas }: Controller,
  { autoscalers }: Pick<Model, 'autoscalers'>,
): number | undefined {
  const autoscaler = autoscalers.find(
    (one) => one.kind === kind && one.name === name && one.namespace === namespace,
  )
  return autoscaler?.minReplicas.value ?? replicas?.value
}

/** A number or a percentage of the replicas, rounded as Kubernetes does it there. */
export function countOf(
  text: string,
  replicas: number,
  round: (value: number) => number,
): number | undefined {
  const [, amount, percent] = /^(\d+)(%?)$/.exec(text) ?? []
  if (amount === undefined) return undefined
  return percent === '%' ? round((Number(amount) * replicas) / 100) : Number(amount)
}

/** Something in it may be an app of Node's. */
export const mayBeNode = ({ containers }: Controller): boolean =>
  containers.some(({ runtime }) => runtime !== 'other')
