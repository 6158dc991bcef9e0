import { formatMs } from '../parse/duration.js'
import type { Rule } from './rule.js'

/** In Kubernetes endpoints are removed while the signal is on its way: whoever closes at once is still sent requests. */
export const lameDuckMissing: Rule = ({ model, budgetOf }) =>
  model.containers.flatMap((container) => {
    const budget = budgetOf(container)
    if (container.system !== 'kubernetes' || !budget || container.preStop || container.isPartial) return []
    const { ms, from } = budget.explanation.values['lameDuck.minMs']
    if (ms >= 1_000) return []
    return {
      code: 'lame-duck-missing',
      severity: 'warning',
      at: container.at,
      message: `${container.name} stops listening before routers have heard that it is going, and there is no preStop hook to wait for them.`,
      arithmetic: `lameDuck.minMs ${formatMs(ms)} (${from}) + preStop 0 s`,
      fix: 'lifecycle: { preStop: { sleep: { seconds: 5 } } }',
    }
  })
