import type { DoctorReport } from '../run-doctor.js'
import { count } from './verdict.js'

/** One document; `version` changes when a field does. */
export function formatJson({ files, findings, isCut }: DoctorReport, exitCode: number): string {
  const counts = {
    errors: count(findings, 'error'),
    warnings: count(findings, 'warning'),
    notes: count(findings, 'note'),
  }
  const flat = findings.map(({ at, ...rest }) => ({ ...at, ...rest }))
  return JSON.stringify({ version: 1, exitCode, ...counts, files, moreFiles: isCut, findings: flat }, null, 2)
}
