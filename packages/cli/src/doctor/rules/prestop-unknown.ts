import { formatMs } from '../parse/duration.js'
import type { Rule } from './rule.js'

/** Nobody can add up what cannot be seen. */
export const preStopUnknown: Rule = ({ model, budgetOf }) =>
  model.containers.flatMap((container) => {
    const { name, preStop, grace } = container
    if (
      !preStop ||
      !grace ||
      preStop.exact ||
      preStop.drains ||
      preStop.ms >= grace.ms ||
      !budgetOf(container)
    )
      return []
    return {
      code: 'prestop-unknown',
      severity: 'note',
      at: preStop.at,
      message: `Cannot tell how long the preStop hook of ${name} takes; it counts against ${grace.key}.`,
      arithmetic: `preStop at least ${formatMs(preStop.ms)} + app ≤ ${grace.key} ${formatMs(grace.ms)}?`,
    }
  })
