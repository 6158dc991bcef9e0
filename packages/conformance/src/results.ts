import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
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
const resultsFolder: string = fileURLToPath(new URL('../.cache/results/', import.meta.url))

/** Written while the tests run, one file per Node version. */
export function writeResult(result: Result): void {
  mkdirSync(resultsFolder, { recursive: true })
  appendFileSync(`${resultsFolder}${process.version}.jsonl`, `${JSON.stringify(result)}\n`)
}

/** Each result by its Node version, oldest first: the last one of a case counts. */
export function readResults(): Map<string, Result[]> {
  const files = readdirSync(resultsFolder).filter((file) => file.endsWith('.jsonl'))
  return new Map(
    files
      .map((file): [string, Result[]] => [file.slice(1, -'.jsonl'.length), readFile(file)])
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })),
  )
}

const readFile = (file: string): Result[] =>
  readFileSync(`${resultsFolder}${file}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result)
