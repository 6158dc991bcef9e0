import type { Finding } from './finding.js'

export interface Judged {
  readonly code: string
  /** The title when nothing is wrong. */
  readonly fine: string
  /** The title when something is. */
  readonly wrong: string
  readonly advice: string
  /** What is wrong. */
  readonly evidence: readonly string[]
  /** @default failed */
  readonly verdict?: 'failed' | 'warning'
}

/** Passed when there is no evidence of the contrary. */
export function judge({ code, fine, wrong, advice, evidence, verdict = 'failed' }: Judged): Finding {
  if (evidence.length === 0) return { code, verdict: 'passed', title: fine, evidence: [] }
  return { code, verdict, title: wrong, evidence: limit(evidence), advice }
}

export interface Unjudged {
  readonly code: string
  /** What is not known. */
  readonly title: string
  readonly why: string
  /** What to add so that it is. */
  readonly advice: string
}

export function leaveUnchecked({ code, title, why, advice }: Unjudged): Finding {
  return { code, verdict: 'unchecked', title, evidence: [why], advice }
}

const most = 5

/** Ten restarts that go wrong in the same way need no ten lines. */
function limit(lines: readonly string[]): readonly string[] {
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more like these`]
}
