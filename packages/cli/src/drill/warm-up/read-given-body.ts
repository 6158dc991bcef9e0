import { readFile } from 'node:fs/promises'
import { DrillError } from '../drill-error.js'

/** What `--body` says: the text itself, or what is in a file. */
export async function readGivenBody(given: string | undefined): Promise<string | Buffer | undefined> {
  if (given === undefined || !given.startsWith('@')) return given
  try {
    return await readFile(given.slice(1))
  } catch (error) {
    throw new DrillError(`The file of --body cannot be read: ${given.slice(1)}`, undefined, { cause: error })
  }
}
