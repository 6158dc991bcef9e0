import { formatMs } from '../parse/duration.js'
import type { Certainty } from '../workloads/app-budget.js'
import type { Container, Probe } from '../workloads/model.js'
import type { Rule } from './rule.js'

/** An app that is not ready is restarted for it, at start and whenever its database is away. */
export const livenessIsReadiness: Rule = ({ model, budgetOf }) =>
  model.containers.flatMap((container) => check(container, budgetOf(container)?.certainty) ?? [])

function check(
  { name, runtime, probes }: Container,
  certainty: Certainty | undefined,
): ReturnType<Rule>[number] | undefined {
  const { liveness, readiness } = probes
  if (!liveness || runtime === 'other' || liveness.path === undefined) return undefined
  const fix = `livenessProbe: { httpGet: { path: /livez, port: ${liveness.port?.value} } }`
  if (/\/(?:ready|readyz|readiness)$/.test(liveness.path)) {
    const message = `The liveness probe of ${name} asks for readiness: an app that is not ready yet, or is leaving, is restarted.`
    return { code: 'liveness-is-readiness', severity: 'warning', at: liveness.at, message, fix }
  }
  if (!readiness || liveness.endpoint !== readiness.endpoint) return undefined
  const arithmetic = `liveness ${patience(liveness)}, readiness ${patience(readiness)}`
  // one endpoint for both, asked more patiently for liveness, is what the Kubernetes documentation calls a common pattern
  if (patienceMs(liveness) > patienceMs(readiness)) return undefined
  const message = `Both probes of ${name} ask ${readiness.endpoint}, and liveness is no more patient: a pod that is not ready is restarted instead of left alone.`
  return {
    code: 'liveness-is-readiness',
    // an endpoint that always says yes does no harm, and nothing is known of that of a strange app
    severity: certainty === 'possible' ? 'note' : 'warning',
    at: liveness.at,
    message,
    arithmetic,
    fix: `${fix}\nreadinessProbe: { httpGet: { path: /readyz, port: ${readiness.port?.value} } }`,
  }
}

const patienceMs = ({ periodMs, failures }: Probe): number => periodMs * failures

const patience = (probe: Probe): string =>
  `${formatMs(probe.periodMs)} × ${probe.failures} = ${formatMs(patienceMs(probe))}`
