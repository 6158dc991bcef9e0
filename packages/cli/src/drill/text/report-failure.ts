import { DrillError } from '../drill-error.js'
import { Interrupted } from '../interruption/interruption.js'

/** Says on stderr why there is no result, and returns the exit code that means so. */
export function reportFailure(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode
  if (error instanceof DrillError) console.error(describe(error))
  else console.error(error)
  return 2
}

function describe({ message, cause, output }: DrillError): string {
  const why = cause instanceof Error ? ` (${cause.message})` : ''
  return [`lastcall drill: ${message}${why}`, ...describeOutput(output)].join('\n')
}

function describeOutput(output: string | undefined): readonly string[] {
  if (output === undefined) return []
  if (output === '') return ['It printed nothing.']
  return ['The last lines it printed:', output.replaceAll(/^/gm, '  | ')]
}
