import { formatMs } from '../parse/duration.js'
import type { AppBudget } from '../workloads/app-budget.js'
import type { Container, Grace } from '../workloads/model.js'
import { severityOf, type Rule } from './rule.js'

/** What comes before the app's clock starts, and what the app then takes, against what the supervisor allows. */
export const budgetOverGrace: Rule = ({ model, budgetOf }) =>
  model.containers.flatMap((container) => {
    const { grace, preStop } = container
    const budget = budgetOf(container)
    // the variable has a rule of its own; a hook that takes everything, too
    if (
      !grace ||
      !budget ||
      budget.from === 'LASTCALL_GRACE_PERIOD_MS' ||
      (preStop && preStop.ms >= grace.ms)
    )
      return []
    const { gracePeriodMs } = budget.explanation.values
    const hookMs = preStop && !preStop.drains ? preStop.ms : 0
    if (hookMs + gracePeriodMs.ms <= grace.ms) return []
    return {
      code: 'budget-over-grace',
      severity: severityOf(budget),
      at: preStop && hookMs > 0 ? preStop.at : grace.at,
      message: describe(container, budget),
      arithmetic: `${sum(hookMs, gracePeriodMs.ms, budget.from)} > ${nameGrace(grace)}`,
      fix: `${grace.write(hookMs + gracePeriodMs.ms)}${fixByVariable(grace.ms - hookMs)}`,
    }
  })

/** `preStop 15 s + LASTCALL_GRACE_PERIOD_MS 25 s = 40 s`. */
export function sum(hookMs: number, ms: number, from: string): string {
  const budget = `app ${formatMs(ms)} (${from})`
  return hookMs === 0 ? budget : `preStop ${formatMs(hookMs)} + ${budget} = ${formatMs(hookMs + ms)}`
}

export const nameGrace = ({ key, ms, given }: Grace): string =>
  `${key} ${formatMs(ms)}${given ? '' : ' (default)'}`

const fixByVariable = (ms: number): string =>
  ms >= 1_000 ? `\nor, for the app: LASTCALL_GRACE_PERIOD_MS=${ms}` : ''

function describe({ name }: Container, { certainty }: AppBudget): string {
  const who = certainty === 'certain' ? name : `${name}, if it runs Last Call with its defaults,`
  return `${who} expects more time than it gets: SIGKILL comes before its shutdown has to be over.`
}
