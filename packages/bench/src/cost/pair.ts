import { openLoad } from './load.js'
import { smallestPath, startMeteredApp } from './metered-app.js'
import type { MeteredApp } from './metered-app.js'

/** How much is measured of each process. */
export interface Effort {
  readonly connections: number
  /** Before anything is measured: code is compiled by then, and pools have their size. */
  readonly warmUp: number
  readonly windows: number
  readonly perWindow: number
}

/** Processor time of one process, beside that of the bare one in the windows around it. */
export interface Cost {
  /** In µs. */
  readonly perRequest: number
  readonly barePerRequest: number
}

interface Running {
  readonly app: MeteredApp
  /** Processor time of the app while it answers so many requests, in µs. */
  take(requests: number): Promise<number>
  dispose(): Promise<void>
}

/** What is compared with what: names of apps, and every module that any of them imports. */
export interface Comparison {
  readonly bare: string
  readonly apps: readonly string[]
  readonly modules: readonly string[]
}

/**
 * One process of each app, all at the same time, measured in short windows in turn: bare, first, first, bare, second, second,
 * bare, and so on, so that each stands between two windows of the bare one and a slower moment of the machine meets both.
 * The processes are new each time, since no two of the same program are equally fast: what their code is compiled to and
 * where it lies in memory is a matter of luck, and stays as long as they live.
 *
 * All load the same modules. How much a process does at its start decides how V8 compiles Node's own `nextTick`: beyond
 * some hundred modules each call makes its object by a slow path, which is 4 µs for a request on Fastify, and `import
 * 'express'` alone, unused, is enough (Node 20 and 22). Apps have more than that; the smallest of all have less.
 */
export async function measurePair(
  { bare, apps, modules }: Comparison,
  effort: Effort,
): Promise<ReadonlyMap<string, Cost>> {
  const running = new Map<string, Running>()
  try {
    for (const app of [bare, ...apps]) running.set(app, await start(app, modules, effort))
    const [first, ...others] = running.values()
    if (!first) throw new TypeError('no bare app')
    const sums = others.map(({ take }) => ({ take, own: 0, bare: 0 }))
    let before = await first.take(effort.perWindow)
    for (let window = 0; window < effort.windows; window++) {
      for (const sum of window % 2 === 0 ? sums : sums.toReversed()) {
        sum.own += (await sum.take(effort.perWindow)) + (await sum.take(effort.perWindow))
        const after = await first.take(effort.perWindow)
        sum.bare += before + after
        before = after
      }
    }
    const requests = 2 * effort.windows * effort.perWindow
    const costs = sums.map((sum) => ({
      perRequest: sum.own / requests,
      barePerRequest: sum.bare / requests,
    }))
    return new Map(apps.flatMap((app, place) => (costs[place] ? [[app, costs[place]]] : [])))
  } finally {
    for (const { dispose } of running.values()) await dispose()
  }
}

async function start(
  name: string,
  modules: readonly string[],
  { connections, warmUp }: Effort,
): Promise<Running> {
  const app = await startMeteredApp(name, {
    env: { BENCH_MODULES: JSON.stringify(modules) },
    nodeOptions: ['--import', new URL('./load-all.js', import.meta.url).href],
  })
  const load = await openLoad(app.target, smallestPath, connections)
  await load.run(warmUp)
  return {
    app,
    async take(requests) {
      const before = await app.processor()
      await load.run(requests)
      return (await app.processor()) - before
    },
    async dispose() {
      load.close()
      await app.dispose()
    },
  }
}
