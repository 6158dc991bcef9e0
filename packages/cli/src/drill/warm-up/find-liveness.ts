import { DrillError } from '../drill-error.js'
import { defaultPaths } from '../options.js'
import type { DrillOptions } from '../options.js'
import type { Target } from '../target.js'
import { askForProblem } from '../traffic/ask.js'

export interface Liveness {
  readonly path: string
  /** Why it cannot be checked whether the app stays alive, in words. */
  readonly problem: string | undefined
}

/** @throws DrillError when the user has named a path and it does not answer 2xx */
export async function findLiveness(
  targets: readonly Target[],
  { paths, named, headers }: Pick<DrillOptions, 'paths' | 'named' | 'headers'>,
): Promise<Liveness> {
  const { live: path = defaultPaths.live } = paths
  const ask = (target: Target): Promise<string | undefined> =>
    askForProblem(target, { method: 'GET', path, headers })
  const answers = await Promise.all(targets.map(ask))
  const answer = answers.find((text) => text !== undefined)
  if (answer === undefined) return { path, problem: undefined }
  const problem = `GET ${path} ${answer}`
  if (named?.includes('live')) throw new DrillError(`${problem}, and it was given with --live`)
  return { path, problem }
}
