import type { RestartResult } from '../report.js'

/** As after "exit": a code, or what ended it. */
export function formatExit({ forced, exitCode, exitSignal }: RestartResult): string {
  if (forced) return 'by force'
  return exitSignal === null ? String(exitCode) : `by ${exitSignal}`
}
