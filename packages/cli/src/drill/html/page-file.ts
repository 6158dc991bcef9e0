import { access, open, rm, writeFile } from 'node:fs/promises'
import { DrillError } from '../drill-error.js'

/** A file that a page will be written to. */
export interface PageFile {
  write(page: string): Promise<void>
}

/**
 * Makes sure that a file can be written, before there is anything to write into it. What it holds is left alone.
 * @throws DrillError when it cannot
 */
export async function preparePageFile(path: string): Promise<PageFile> {
  const fail = (error: unknown): never => {
    throw new DrillError(`The page cannot be written to ${path}`, undefined, { cause: error })
  }
  const isNew = await access(path).then(
    () => false,
    () => true,
  )
  try {
    // Only opening a file tells whether it can be: permissions are not all that may be in the way.
    const file = await open(path, 'a')
    await file.close()
    if (isNew) await rm(path)
  } catch (error) {
    fail(error)
  }
  return { write: (page) => writeFile(path, page).catch(fail) }
}
