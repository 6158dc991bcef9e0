import { examine } from '#src/doctor/examine.js'
import type { Finding } from '#src/doctor/finding.js'
import { createText } from '#src/doctor/parse/text.js'
import { createDraft, readText, type Outcome } from '#src/doctor/workloads/read-text.js'

/** One text, as it is after it was read from a file of that name. */
export function examineText(
  file: string,
  content: string,
): { readonly outcome: Outcome; readonly findings: readonly Finding[] } {
  const model = createDraft()
  const faults: Finding[] = []
  const outcome = readText(createText(file, content), model, (fault) => void faults.push(fault))
  return { outcome, findings: examine(model, { usesLastCall: false }, faults) }
}

/** `<line>:<column> <code>` of each finding. */
export const codesOf = (file: string, content: string): readonly string[] =>
  examineText(file, content).findings.map(({ at, code }) => `${at.line}:${at.column} ${code}`)
