import type { Finding } from '../finding.js'
import type { AppBudget, BudgetOf, Certainty } from '../workloads/app-budget.js'
import type { Model } from '../workloads/model.js'

/** What a rule looks at; it changes nothing and asks nobody else. */
export interface Patient {
  readonly model: Model
  readonly budgetOf: BudgetOf
}

export type Rule = (patient: Patient) => readonly Finding[]

/** A rule about what an app does with its time is as severe as it is sure that the app runs Last Call. */
export const severityOf = ({ certainty }: Pick<AppBudget, 'certainty'>): Finding['severity'] =>
  (
    { certain: 'error', likely: 'warning', possible: 'note' } as const satisfies Record<
      Certainty,
      Finding['severity']
    >
  )[certainty]
