import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Framework, Product } from './frameworks.js'
import type { ImportCost, ImportOrder } from './import-process.js'
import { medianOf } from './interval.js'

const run = promisify(execFile)

async function importOnce(order: ImportOrder): Promise<ImportCost> {
  const program = fileURLToPath(new URL('./import-process.js', import.meta.url))
  const { stdout } = await run(process.execPath, [program, JSON.stringify(order)])
  // import-process.ts writes nothing else, and the modules write nothing
  return JSON.parse(stdout) as ImportCost
}

/** Medians of fresh processes in turn, less those of a process that imports nothing. */
export async function measureImports(
  frameworks: readonly Framework[],
  runs: number,
): Promise<ReadonlyMap<Product, ImportCost>> {
  const nothing: ImportCost[] = []
  const products = frameworks.flatMap(({ packages, ours, peers }) =>
    [ours, ...peers].map((product) => ({ product, before: packages, all: [] as ImportCost[] })),
  )
  for (let round = 0; round < runs; round++) {
    nothing.push(await importOnce({ before: [], modules: [] }))
    for (const { product, before, all } of products)
      all.push(await importOnce({ before, modules: product.modules }))
  }
  const median = (all: readonly ImportCost[], key: keyof ImportCost): number =>
    medianOf(all.map((cost) => cost[key])) - medianOf(nothing.map((cost) => cost[key]))
  return new Map(
    products.map(({ product, all }) => [
      product,
      { ms: median(all, 'ms'), processorMs: median(all, 'processorMs') },
    ]),
  )
}
