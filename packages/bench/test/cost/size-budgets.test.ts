import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { bundleSize } from '#src/cost/bundle-size.js'

/** The most that each may weigh, in bytes, minified and gzipped. */
const budgets = {
  core: 14_000,
  /** What it adds to core. */
  'core/http': 12_350,
  fastify: 2_200,
  express: 1_850,
  nestjs: 4_650,
} as const

const bench = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')

/** What is shared with others, or there anyway, is left out: core and the peer dependencies of an adapter. */
async function gzipped(modules: readonly string[], external: readonly string[] = []): Promise<number> {
  return (await bundleSize(modules, { external, resolveDir: bench })).gzipped
}

const peersOf = (adapter: string): string[] =>
  Object.keys((JSON.parse(read(`${adapter}/package.json`)) as { peerDependencies: object }).peerDependencies)

const core = await gzipped(['@lastcall/core'])
const sizes: Readonly<Record<keyof typeof budgets, number>> = {
  core,
  'core/http': (await gzipped(['@lastcall/core', '@lastcall/core/http'])) - core,
  fastify: await gzipped(['@lastcall/fastify'], ['@lastcall/core', ...peersOf('fastify')]),
  express: await gzipped(['@lastcall/express'], ['@lastcall/core', ...peersOf('express')]),
  nestjs: await gzipped(['@lastcall/nestjs'], ['@lastcall/core', ...peersOf('nestjs')]),
}

for (const [name, budget] of Object.entries(budgets) as [keyof typeof budgets, number][]) {
  t.test(`${name} weighs ${budget} bytes at most`, async (t) => {
    t.ok(sizes[name] <= budget, `${sizes[name]} bytes`)
  })

  t.test(`the README says what ${name} weighs`, async (t) => {
    const line = read(`${name.replace('/http', '')}/README.md`)
      .split('\n')
      .find((each) => each.startsWith('Size, minified and gzipped: '))
    const [own, more] = [...(line ?? '').matchAll(/(\d+\.\d) kB/g)].map(([, kilobytes]) => kilobytes)
    t.equal(name === 'core/http' ? more : own, (sizes[name] / 1_000).toFixed(1))
  })
}
