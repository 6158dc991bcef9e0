import type { Field } from '../parse/field.js'
import { list, number, text, texts } from '../parse/located.js'
import { readContainers } from './kubernetes-pod.js'
import type { Autoscaler, Controller, DisruptionBudget, Model, Service } from './model.js'

/** What manifests of Kubernetes are about, as far as shutdown is concerned. */
export type KubernetesModel = Pick<Model, 'controllers' | 'services' | 'disruptionBudgets' | 'autoscalers'>

const controllers = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const

/** Lists may be nested. */
const deepestList = 10

/** Reads one document, and what is in it if it is a List. Returns whether there was anything to check. */
export function readKubernetes(
  root: Field,
  into: { [Key in keyof KubernetesModel]: KubernetesModel[Key][number][] },
  depth = 0,
): boolean {
  const kind = root.get('kind')?.text()
  const spec = root.get('spec')
  if (kind?.endsWith('List') && depth < deepestList) {
    return (root.get('items')?.items() ?? [])
      .map((item) => readKubernetes(item, into, depth + 1))
      .includes(true)
  }
  const controller = controllers.find((name) => name === kind)
  const who = identify(root)
  if (controller) into.controllers.push(readController(controller, root, who))
  else if (kind === 'Service') into.services.push(readService(spec, who))
  else if (kind === 'PodDisruptionBudget') into.disruptionBudgets.push(readDisruptionBudget(root, spec, who))
  else if (kind === 'HorizontalPodAutoscaler') into.autoscalers.push(readAutoscaler(root, spec, who))
  else return false
  return true
}

export const hasKubernetesShape = (root: Field): boolean =>
  root.isMap && root.get('apiVersion') !== undefined && root.get('kind') !== undefined

interface Identity {
  readonly name: string
  readonly namespace: string
}

function identify(root: Field): Identity {
  const metadata = root.get('metadata')
  return {
    name: metadata?.get('name')?.text() ?? metadata?.get('generateName')?.text() ?? 'unnamed',
    namespace: metadata?.get('namespace')?.text() ?? 'default',
  }
}

function readController(kind: Controller['kind'], root: Field, who: Identity): Controller {
  const template = kind === 'Pod' ? root : root.path('spec', 'template')
  const pod = template?.get('spec')
  const spec = kind === 'Pod' ? undefined : root.get('spec')
  const strategy = spec?.get('strategy') ?? spec?.get('updateStrategy')
  const rolling = strategy?.get('rollingUpdate')
  const at = root.path('metadata', 'name')?.at ?? root.at
  const containers = readContainers(who.name, pod, at)
  return {
    kind,
    ...who,
    at,
    replicas: number(spec?.get('replicas')),
    strategy: {
      at: strategy?.at ?? spec?.at ?? at,
      type: strategy?.get('type')?.text(),
      maxUnavailable: text(rolling?.get('maxUnavailable')),
      maxSurge: text(rolling?.get('maxSurge')),
    },
    labels: texts(template?.path('metadata', 'labels')),
    containers,
    claimsVolume:
      spec?.get('volumeClaimTemplates') !== undefined ||
      list(pod?.get('volumes')).some((volume) => volume.get('persistentVolumeClaim') !== undefined),
    isPartial: containers.length === 0 || containers.some((container) => container.isPartial),
  }
}

function readService(spec: Field | undefined, who: Identity): Service {
  const notReady = spec?.get('publishNotReadyAddresses')
  const value = notReady?.boolean()
  return {
    ...who,
    selector: texts(spec?.get('selector')),
    isHeadless: spec?.get('clusterIP')?.text() === 'None',
    publishesNotReady: notReady && value !== undefined ? { value, at: notReady.at } : undefined,
  }
}

function readDisruptionBudget(root: Field, spec: Field | undefined, who: Identity): DisruptionBudget {
  const selector = spec?.get('selector')
  return {
    ...who,
    at: root.at,
    selector:
      selector && selector.get('matchExpressions') === undefined
        ? texts(selector.get('matchLabels'))
        : undefined,
    minAvailable: text(spec?.get('minAvailable')),
    maxUnavailable: text(spec?.get('maxUnavailable')),
  }
}

function readAutoscaler(root: Field, spec: Field | undefined, { namespace }: Identity): Autoscaler {
  const target = spec?.get('scaleTargetRef')
  return {
    kind: target?.get('kind')?.text() ?? '',
    name: target?.get('name')?.text() ?? '',
    namespace,
    minReplicas: number(spec?.get('minReplicas')) ?? { value: 1, at: root.at },
  }
}
