import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathOf } from './derived-files.js'

const made = new Set(['node_modules', 'dist', 'dist-test', '.cache', '.git', '.tap', '.turbo'])

/** Every Markdown file of the repository, by its path in it. */
export function markdownFiles(folder = ''): readonly string[] {
  const entries = readdirSync(pathOf(folder), { withFileTypes: true }).filter(({ name }) => !made.has(name))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return markdownFiles(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}
