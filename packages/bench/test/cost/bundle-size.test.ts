import t from 'tap'
import { bundleSize } from '#src/cost/bundle-size.js'

const text = (seed: number): string => Array.from({ length: 500 }, (_, i) => (i * seed) % 9_973).join(' ')

t.test('everything that is exported counts, comments and the framework do not', async (t) => {
  const room = t.testdir({
    node_modules: {
      tool: {
        'index.js': `// ${'x'.repeat(9_000)}\nimport 'framework'\nexport { part } from 'part'\nexport const own = '${text(7)}'\n`,
        'package.json': '{"name":"tool","type":"module","main":"index.js"}',
      },
      part: {
        'index.js': `exports.part = '${text(11)}'`,
        'package.json': '{"name":"part"}',
      },
      framework: {
        'index.js': `console.log('${text(13)}')`,
        'package.json': '{"name":"framework","type":"module","main":"index.js"}',
      },
    },
  })
  const measure = (external: readonly string[]): ReturnType<typeof bundleSize> =>
    bundleSize(['tool'], { external, resolveDir: room })
  const { minified, gzipped } = await measure(['framework'])
  const both = text(7).length + text(11).length
  t.ok(minified > both && minified < both + 1_000, `${minified} bytes`)
  t.ok(gzipped < minified, `${gzipped} bytes`)
  t.ok((await measure([])).minified > minified + text(13).length / 2)
})
