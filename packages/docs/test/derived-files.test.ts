import { readFileSync } from 'node:fs'
import t from 'tap'
import { derivedFiles, pathOf } from '#src/derived-files.js'

for (const { name, content } of await derivedFiles()) {
  t.test(`${name} is what \`pnpm write-docs\` writes`, (t) => {
    t.equal(readFileSync(pathOf(name), 'utf8'), content)
    t.end()
  })
}
