import { selects, serves } from '../workloads/relations.js'
import type { Rule } from './rule.js'

/** Without one a pod counts as ready as soon as its container runs. */
export const noReadinessProbe: Rule = ({ model }) =>
  model.controllers.flatMap((controller) => {
    // whoever starts a pod by hand, or one on each node, routes nothing by its readiness
    if (
      controller.kind === 'Pod' ||
      controller.kind === 'DaemonSet' ||
      controller.isPartial ||
      !serves(controller, model)
    )
      return []
    // what has ports, and no service here, may be asked by nobody
    const isSelected = model.services.some((service) => selects(service, controller))
    return controller.containers
      .filter(
        ({ runtime, probes, ports }) =>
          runtime !== 'other' &&
          !probes.readiness &&
          (ports.length > 0 || controller.containers.length === 1),
      )
      .map(({ name, at, ports, runtime }) => ({
        code: 'no-readiness-probe' as const,
        severity: runtime === 'node' || isSelected ? ('warning' as const) : ('note' as const),
        at,
        message: `${name} has no readiness probe: a new pod gets requests before it listens.`,
        fix: `readinessProbe:\n  httpGet: { path: /readyz, port: ${ports[0]?.name ?? ports[0]?.number ?? 3000} }\n  periodSeconds: 2\n  failureThreshold: 2`,
      }))
  })
