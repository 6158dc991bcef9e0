import type { Finding, Severity } from '../finding.js'
import type { DoctorReport } from '../run-doctor.js'

/** 2: something could not be checked. 1: something is wrong. 0: nothing that matters is. */
export function exitCodeOf({ files, findings }: DoctorReport, failOn: 'error' | 'warning'): 0 | 1 | 2 {
  if (
    files.some(({ outcome }) => outcome === 'failed') ||
    !files.some(({ outcome }) => outcome === 'checked' || outcome === 'unknown')
  )
    return 2
  const matters: readonly Severity[] = failOn === 'error' ? ['error'] : ['error', 'warning']
  return findings.some(({ severity }) => matters.includes(severity)) ? 1 : 0
}

export const count = (findings: readonly Finding[], severity: Severity): number =>
  findings.filter((finding) => finding.severity === severity).length
