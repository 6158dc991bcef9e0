import { severities, type Finding } from './finding.js'
import { rules } from './rules/index.js'
import type { Patient } from './rules/rule.js'
import { createBudgetOf, type KnownApp } from './workloads/app-budget.js'
import type { Model } from './workloads/model.js'

/** Asks every rule, and puts what they say into the order of the files. */
export function examine(model: Model, app: KnownApp, faults: readonly Finding[]): readonly Finding[] {
  const patient: Patient = { model, budgetOf: createBudgetOf(app, model.containers) }
  const found = Object.values(rules).flatMap((rule) => rule(patient))
  return [...faults, ...found].toSorted(
    (a, b) =>
      compare(a.at.file, b.at.file) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      severities.indexOf(a.severity) - severities.indexOf(b.severity),
  )
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
