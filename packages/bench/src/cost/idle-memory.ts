import { setTimeout } from 'node:timers/promises'
import { openIdleCrowd } from '../scale/idle-crowd.js'
import type { Framework, Product } from './frameworks.js'
import { medianInterval, medianOf } from './interval.js'
import type { Interval } from './interval.js'
import { openLoad } from './load.js'
import { smallestPath, startMeteredApp } from './metered-app.js'
import type { Memory } from './metered-app.js'

/** What a product adds to an idle connection, in bytes. */
export interface IdleMemory {
  readonly product: Product
  readonly bareHeap: number
  readonly heap: Interval
  readonly resident: Interval
}

/** Bytes of an idle keep-alive connection, with everything that does not have one: the difference of two moments of one process. */
async function measureConnection(app: string, connections: number): Promise<Memory> {
  const running = await startMeteredApp(app, { nodeOptions: ['--expose-gc'] })
  try {
    const load = await openLoad(running.target, smallestPath, 10)
    await load.run(5_000)
    load.close()
    await settle()
    const before = await running.memory()
    const crowd = await openIdleCrowd(running.target, smallestPath, connections)
    await settle()
    const after = await running.memory()
    crowd.destroy()
    return {
      heap: (after.heap - before.heap) / connections,
      resident: (after.resident - before.resident) / connections,
    }
  } finally {
    await running.dispose()
  }
}

/** Until the app has heard of what its clients did last. */
const settle = (): Promise<void> => setTimeout(300)

export async function measureIdleMemory(
  { bare, ours, peers }: Framework,
  { runs, connections }: { runs: number; connections: number },
): Promise<readonly IdleMemory[]> {
  const products = [ours, ...peers]
  const apps = [bare, ...products.map(({ app }) => app)]
  const measured = new Map<string, Memory[]>(apps.map((app) => [app, []]))
  for (let run = 0; run < runs; run++) {
    for (const [app, all] of measured) all.push(await measureConnection(app, connections))
  }
  const valuesOf = (app: string, key: keyof Memory): readonly number[] =>
    (measured.get(app) ?? []).map((memory) => memory[key])
  return products.map((product) => {
    const added = (key: keyof Memory): Interval => {
      const bareValues = valuesOf(bare, key)
      return medianInterval(
        valuesOf(product.app, key).map((value, run) => value - (bareValues[run] ?? Number.NaN)),
      )
    }
    return {
      product,
      bareHeap: medianOf(valuesOf(bare, 'heap')),
      heap: added('heap'),
      resident: added('resident'),
    }
  })
}
