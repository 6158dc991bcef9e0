import { appendFileSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Protocol } from './subject.js'

/** One line of a results file. */
export type Result = {
  readonly subject: string
  readonly protocol: Protocol
  /** Of the case. */
  readonly name: string
} & (
  | { readonly kind: 'case'; readonly holds: boolean }
  /** What the control did instead; undefined: it did not fail, or not as expected. */
  | { readonly kind: 'control'; readonly seen: string | undefined }
)

/** Not in version control: the table is. */
export const resultsFolder: string = fileURLToPath(new URL('../.cache/results/', import.meta.url))

/** Written while the tests run, one file per Node version; the last result of a case counts. */
export function writeResult(result: Result): void {
  mkdirSync(resultsFolder, { recursive: true })
  appendFileSync(`${resultsFolder}${process.version}.jsonl`, `${JSON.stringify(result)}\n`)
}
