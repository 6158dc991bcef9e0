import { isTemplate, recognise } from '../files/recognise.js'
import type { Finding } from '../finding.js'
import type { Field } from '../parse/field.js'
import type { Text } from '../parse/text.js'
import { parseYaml } from '../parse/yaml.js'
import { hasKubernetesShape, readKubernetes } from './kubernetes.js'
import type { Model } from './model.js'

/** A model that is still being filled. */
export type Draft = { -readonly [Key in keyof Model]: Model[Key][number][] }

export const createDraft = (): Draft => ({
  containers: [],
  controllers: [],
  services: [],
  disruptionBudgets: [],
  autoscalers: [],
  scripts: [],
})

/** What became of a file: checked, skipped for a reason, or of a kind that has no clocks. */
export type Outcome = 'checked' | 'template' | 'unknown'

/** Reads one file into the model. Never throws. */
export function readText(text: Text, into: Draft, report: (finding: Finding) => void): Outcome {
  try {
    return read(text, into, report)
  } catch (error) {
    // a parser gave up on something no parser of the real system would take either
    report({
      code: 'syntax',
      severity: 'error',
      at: text.at(0),
      message: `Not understood: ${(error as Error).message}.`,
    })
    return 'checked'
  }
}

function read(text: Text, into: Draft, report: (finding: Finding) => void): Outcome {
  switch (recognise(text)) {
    case 'yaml':
      return readYaml(text, into, report)
    default:
      return 'unknown'
  }
}

function readYaml(text: Text, into: Draft, report: (finding: Finding) => void): Outcome {
  if (isTemplate(text.content)) return 'template'
  let known = false
  for (const { root, faults } of parseYaml(text, report)) {
    if (!readDocument(root, into)) continue
    known = true
    for (const fault of faults) report(fault)
  }
  return known ? 'checked' : 'unknown'
}

/** Returns whether there was anything to check. */
function readDocument(root: Field, into: Draft): boolean {
  if (!root.isMap) return false
  if (!hasKubernetesShape(root)) return false
  const before = into.controllers.length
  const known = readKubernetes(root, into)
  for (const { containers } of into.controllers.slice(before)) into.containers.push(...containers)
  return known
}
