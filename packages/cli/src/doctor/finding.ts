import type { RuleCode } from './rules/codes.js'

/** Where something is written. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export const severities = ['error', 'warning', 'note'] as const
export type Severity = (typeof severities)[number]

/** What is wrong with the way a file is written: its clocks cannot be read, or not all of them. */
export type FaultCode =
  | 'syntax'
  | 'wrong-type'
  | 'bad-value'
  | 'duplicate-key'
  | 'too-large'
  | 'unreadable'
  | 'unknown-kind'

export interface Finding {
  readonly code: RuleCode | FaultCode
  readonly severity: Severity
  readonly at: Place
  /** One sentence. */
  readonly message: string
  /** The clocks that do not add up, as a formula. */
  readonly arithmetic?: string
  /** Text to paste, or what to do where there is nothing to paste. */
  readonly fix?: string
}
