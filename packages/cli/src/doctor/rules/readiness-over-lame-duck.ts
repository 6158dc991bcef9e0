import { formatMs } from '../parse/duration.js'
import type { Rule } from './rule.js'

/**
 * How long whoever asks for readiness needs to see that it is gone, against how long the app goes on serving. A note: a
 * router that follows the supervisor's own word knows at once.
 */
export const readinessOverLameDuck: Rule = ({ model, budgetOf }) =>
  model.containers.flatMap((container) => {
    const { readiness } = container.probes
    const budget = budgetOf(container)
    if (!readiness || !budget || budget.certainty === 'possible') return []
    const { values } = budget.explanation
    const lameDuckMs =
      values['lameDuck.maxMs'].ms + (container.preStop?.drains ? 0 : (container.preStop?.ms ?? 0))
    const noticedMs = readiness.periodMs * readiness.failures + readiness.timeoutMs
    if (noticedMs <= lameDuckMs) return []
    const { periodMs, failures, timeoutMs } = readiness
    const known =
      container.system === 'kubernetes'
        ? 'Kubernetes itself takes a terminating pod out at once, so this concerns those who go by the probe alone'
        : 'whoever goes by the health check alone sends requests until then'
    return {
      code: 'readiness-over-lame-duck',
      severity: 'note',
      at: readiness.at,
      message: `The readiness of ${container.name} is seen to fail later than the app stops serving new connections; ${known}.`,
      arithmetic: `period ${formatMs(periodMs)} × ${failures} + timeout ${formatMs(timeoutMs)} = ${formatMs(noticedMs)} > lame duck ${formatMs(lameDuckMs)}`,
      fix: fixFor(container.system, lameDuckMs),
    }
  })

function fixFor(system: string, lameDuckMs: number): string {
  const seconds = Math.max(1, Math.floor((lameDuckMs - 1_000) / 2_000))
  return system === 'kubernetes'
    ? `periodSeconds: ${seconds}\nfailureThreshold: 2\ntimeoutSeconds: 1`
    : `interval: ${seconds}s\nretries: 2\ntimeout: 1s`
}
