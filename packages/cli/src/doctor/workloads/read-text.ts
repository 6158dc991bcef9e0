import { isTemplate, recognise } from '../files/recognise.js'
import type { Finding } from '../finding.js'
import type { Field } from '../parse/field.js'
import type { Text } from '../parse/text.js'
import { parseYaml } from '../parse/yaml.js'
import { isCompose, readCompose } from './compose.js'
import { readDockerfile } from './dockerfile.js'
import { readTask, taskDefinition } from './ecs.js'
import { hasKubernetesShape, readKubernetes } from './kubernetes.js'
import type { Model } from './model.js'
import { readScripts } from './package-json.js'
import { readSystemd } from './systemd.js'

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
  const kind = recognise(text)
  if (kind === 'yaml' && isTemplate(text.content)) return 'template'
  if (kind === 'yaml' || kind === 'package') return readDocuments(text, into, report)
  const container = kind === 'dockerfile' ? readDockerfile(text, report) : readSystemd(text)
  if (!container) return 'unknown'
  into.containers.push(container)
  return 'checked'
}

function readDocuments(text: Text, into: Draft, report: (finding: Finding) => void): Outcome {
  let known = false
  const documents = parseYaml(text, (fault) => {
    known ||= seemsKnown.test(text.content)
    report(fault)
  })
  for (const { root, faults } of documents) {
    if (!root.isMap || !readDocument(root, recognise(text) === 'package', into)) continue
    known = true
    for (const fault of faults) report(fault)
  }
  return known ? 'checked' : 'unknown'
}

/** It may be of a kind that is read, had it been understood. */
const seemsKnown = /^[ \t]*"?(?:apiVersion|services|containerDefinitions|scripts)"?[ \t]*:/m

/** Returns whether there was anything to check. */
function readDocument(root: Field, isPackage: boolean, into: Draft): boolean {
  const task = taskDefinition(root)
  if (isPackage) into.scripts.push(...readScripts(root))
  else if (hasKubernetesShape(root)) return readManifest(root, into)
  else if (task) into.containers.push(...readTask(task))
  else if (isCompose(root)) into.containers.push(...readCompose(root))
  else return false
  return true
}

function readManifest(root: Field, into: Draft): boolean {
  const before = into.controllers.length
  const known = readKubernetes(root, into)
  for (const { containers } of into.controllers.slice(before)) into.containers.push(...containers)
  return known
}
