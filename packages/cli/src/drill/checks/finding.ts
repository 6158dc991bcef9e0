/** What one check of the drill found. */
export interface Finding {
  /** Stable, such as `lost-reset`: scripts and the docs refer to it. */
  readonly code: string
  readonly verdict: 'passed' | 'failed' | 'warning' | 'unchecked'
  /** One sentence that a newcomer understands. */
  readonly title: string
  /** Where it was seen, one line each: numbers, restarts, moments. */
  readonly evidence: readonly string[]
  /** What to do about it; only of what failed, warns or could not be checked. */
  readonly advice?: string | undefined
}
