import { formatMs } from '../parse/duration.js'
import type { Rule } from './rule.js'

/** The hook alone uses up the grace period: the app gets SIGKILL right after SIGTERM, or instead of it. Whatever the app is. */
export const preStopOverGrace: Rule = ({ model }) =>
  model.containers.flatMap(({ name, preStop, grace }) => {
    if (!preStop || !grace || preStop.ms === 0 || preStop.ms < grace.ms) return []
    return {
      code: 'prestop-over-grace',
      severity: 'error',
      at: preStop.at,
      message: `The preStop hook of ${name} takes all of the grace period, so the app has no time of its own.`,
      arithmetic: `preStop ${formatMs(preStop.ms)} ≥ ${grace.key} ${formatMs(grace.ms)}${grace.given ? '' : ' (default)'}`,
      fix: grace.write(preStop.ms + 30_000),
    }
  })
