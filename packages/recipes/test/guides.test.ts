import { readFileSync } from 'node:fs'
import t from 'tap'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

// An example, and a block of it that follows.
const shown = /\((?:\.\.\/)+(examples\/\S+\.js)\)|^```js\n(.*?)\n^```$/gms

for (const [guide, blocks] of [
  ['guides/workers', 5],
  ['guides/background-work', 5],
  // but for the first one, which is a program of its own and has its tests in core
  ['guides/child-processes', 1],
  ['guides/choosing-the-numbers', 1],
  ['guides/websockets-and-event-streams', 1],
  ['guides/transactions-and-migrations', 1],
  ['platforms', 1],
  ['new-adapter', 2],
] as const) {
  t.test(`docs/${guide}.md shows what the examples have, and those are tested`, async (t) => {
    let example = ''
    let found = 0
    for (const [, path, block] of read(`docs/${guide}.md`).matchAll(shown)) {
      if (path !== undefined) example = path
      if (block === undefined || example === '') continue
      found += 1
      t.ok(includes(read(example), block), `in ${example}:\n${block}`)
    }
    t.equal(found, blocks)
  })
}

/** However deep it is indented. */
function includes(code: string, block: string): boolean {
  return [0, 2, 4, 6].some((depth) => code.includes(block.replace(/^(?=.)/gm, ' '.repeat(depth))))
}
