import t from 'tap'
import { brokenLinks } from '#src/broken-links.js'
import { markdownFiles } from '#src/markdown-files.js'

for (const name of markdownFiles()) {
  t.test(`every link of ${name} leads somewhere`, (t) => {
    t.strictSame(brokenLinks(name), [])
    t.end()
  })
}
