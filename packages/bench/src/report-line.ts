import type { Report } from '@lastcall/core'

/** The shutdown's report in what an app has printed. */
export function findReport(output: string): Report | undefined {
  for (const line of output.split('\n')) {
    if (!line.includes('"report":')) continue
    try {
      return (JSON.parse(line) as { report: Report }).report
    } catch {
      // only the end of a line that was too long to keep
    }
  }
  return undefined
}
