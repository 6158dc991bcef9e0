import { formatMs } from '../parse/duration.js'
import { longestStopTimeoutMs } from '../workloads/ecs.js'
import type { Rule } from './rule.js'

/** A task definition with more is refused on Fargate. */
export const stopTimeoutLimit: Rule = ({ model }) =>
  model.containers.flatMap(({ system, name, grace, fargate }) => {
    if (system !== 'ecs' || !fargate || !grace || grace.ms <= longestStopTimeoutMs) return []
    return {
      code: 'stop-timeout-limit',
      severity: 'error',
      at: grace.at,
      message: `${name} asks for more time to stop than Fargate gives.`,
      arithmetic: `stopTimeout ${formatMs(grace.ms)} > limit ${formatMs(longestStopTimeoutMs)}`,
      fix: grace.write(longestStopTimeoutMs),
    }
  })
