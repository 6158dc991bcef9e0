import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { codeBlocks, type CodeBlock } from '#src/code-blocks.js'
import { pathOf } from '#src/derived-files.js'
import { markdownFiles } from '#src/markdown-files.js'

/** Who runs the blocks of a file, or holds them word for word to an example that is run, and how many. */
const claims: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'README.md': { 'packages/docs/test/readme.test.ts': 4 },
  'packages/core/README.md': {
    'packages/core/test/readme.test.ts': 2,
    'packages/core/test/http/readme.test.ts': 3,
  },
  'packages/express/README.md': { 'packages/express/test/readme.test.ts': 1 },
  'packages/fastify/README.md': { 'packages/fastify/test/readme.test.ts': 1 },
  'packages/nestjs/README.md': { 'packages/nestjs/test/readme.test.ts': 2 },
  'docs/guides/background-work.md': { 'packages/recipes/test/guides.test.ts': 4 },
  'docs/guides/child-processes.md': { 'packages/core/test/child-processes.test.ts': 1 },
  'docs/guides/observability.md': { 'examples/observability/test/guide.test.ts': 4 },
  'docs/guides/transactions-and-migrations.md': { 'packages/recipes/test/guides.test.ts': 1 },
  'docs/guides/workers.md': { 'packages/recipes/test/guides.test.ts': 3 },
  'docs/migration.md': { 'packages/bench/test/migration-programs.ts': 18 },
  'docs/new-adapter.md': { 'packages/recipes/test/hono.test.ts': 1 },
}

/** Commands for a shell, and blocks without a language: output and timelines. */
const exempt = new Set(['sh', ''])

const long = (name: string): readonly CodeBlock[] =>
  codeBlocks(readFileSync(pathOf(name), 'utf8')).filter(({ lines }) => lines.length > 5)
const files = markdownFiles()

t.test('every block over five lines is run by a test', (t) => {
  for (const name of new Set([...files, ...Object.keys(claims)])) {
    const blocks = files.includes(name) ? long(name).filter(({ language }) => !exempt.has(language)) : []
    const claimed = Object.values(claims[name] ?? {}).reduce((sum, count) => sum + count, 0)
    const lines = blocks.map(({ line }) => line).join(', ')
    t.equal(blocks.length, claimed, `${name}: blocks at lines ${lines}, and ${claimed} claimed by a test`)
  }
  t.end()
})

t.test('who claims blocks exists, and reads that file', (t) => {
  for (const [name, tests] of Object.entries(claims)) {
    for (const test of Object.keys(tests)) {
      t.ok(existsSync(pathOf(test)), test)
      const [, stem = ''] = /(?:^|docs\/|\/)((?:guides\/)?[\w-]+)\.md$/.exec(name) ?? []
      t.match(readFileSync(pathOf(test), 'utf8'), stem, `${test} reads ${name}`)
    }
  }
  t.end()
})

t.test('a block without a claim is found', (t) => {
  const [block] = codeBlocks('text\n  ```js title\n  1\n  ```\n')
  t.strictSame(block, { language: 'js', lines: ['  1'], line: 2 })
  const nested = codeBlocks('````md\n```js\n1\n```\n````\n~~~\n2\n~~~\n```\n3')
  t.strictSame(
    nested.map(({ language, lines }) => [language, lines.length]),
    [
      ['md', 3],
      ['', 1],
      ['', 1],
    ],
  )
  t.end()
})

t.test('the count', (t) => {
  const blocks = files.flatMap(long)
  const free = blocks.filter(({ language }) => exempt.has(language)).length
  t.comment(`${blocks.length - free} blocks over five lines are run, ${free} are commands or output`)
  t.ok(blocks.length - free >= 20)
  t.end()
})
