import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeErrorsPage } from './errors-page.js'
import { defaultMoments } from './moments.js'
import { formatPeers } from './peers-table.js'
import { replaceBlock } from './replace-block.js'
import { drawTimeline } from './timeline-picture.js'

/** A file that is made from something else, or has a block that is. */
export interface DerivedFile {
  /** Its path in the repository. */
  readonly name: string
  readonly content: string
}

export async function derivedFiles(): Promise<readonly DerivedFile[]> {
  const peers = formatPeers(readFileSync(pathOf('packages/bench/results/rolling.md'), 'utf8'))
  const readme = readFileSync(pathOf('README.md'), 'utf8')
  return [
    { name: 'docs/timeline.svg', content: drawTimeline(defaultMoments()) },
    { name: 'docs/errors.md', content: await writeErrorsPage() },
    { name: 'README.md', content: replaceBlock(readme, 'peers', peers) },
  ]
}

/** Of a file of the repository. */
export const pathOf = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
