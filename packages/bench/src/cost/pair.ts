import { takeInTurn } from './in-turn.js'
import type { Take } from './in-turn.js'
import { openLoad } from './load.js'
import { smallestPath, startMeteredApp } from './metered-app.js'

/** How much is measured of each process. */
export interface Effort {
  readonly connections: number
  /** Before anything is measured: code is compiled by then, and pools have their size. */
  readonly warmUp: number
  readonly rounds: number
  readonly perWindow: number
}

/** What is compared with what: names of apps, and every module that is loaded in both. */
export interface Comparison {
  readonly bare: string
  readonly app: string
  readonly modules: readonly string[]
}

/** Processor time of a request, in µs. */
export interface Cost {
  readonly own: number
  readonly bare: number
}

/**
 * One process of an app and one of the bare framework, measured in short windows in turn. Both are new each time: no two
 * processes of the same program are equally fast, since what their code is compiled to and where it lies in memory is a
 * matter of luck, and stays as long as they live.
 *
 * Both load the same modules. How much a process does at its start decides how V8 compiles Node's own `nextTick`: beyond
 * some amount each call makes its object by a slow path, which is 4 µs for a request on Fastify, and `import 'express'`
 * alone, unused, is enough (Node 20 and 22). Apps load more than that, the smallest of all less.
 */
export async function measurePair({ bare, app, modules }: Comparison, effort: Effort): Promise<Cost> {
  const running: Running[] = []
  try {
    const [first, second] = [await start(bare, modules, effort), await start(app, modules, effort)]
    running.push(first, second)
    const sum = await takeInTurn(first.take, second.take, effort.rounds)
    const requests = 2 * effort.rounds * effort.perWindow
    return { own: sum.own / requests, bare: sum.bare / requests }
  } finally {
    for (const { dispose } of running) await dispose()
  }
}

interface Running {
  /** Processor time of the app while it answers the requests of a window, in µs. */
  readonly take: Take
  dispose(): Promise<void>
}

async function start(
  name: string,
  modules: readonly string[],
  { connections, warmUp, perWindow }: Effort,
): Promise<Running> {
  const app = await startMeteredApp(name, {
    env: { BENCH_MODULES: JSON.stringify(modules) },
    nodeOptions: ['--import', new URL('./load-all.js', import.meta.url).href],
  })
  const load = await openLoad(app.target, smallestPath, connections)
  await load.run(warmUp)
  return {
    async take() {
      const before = await app.processor()
      await load.run(perWindow)
      return (await app.processor()) - before
    },
    async dispose() {
      load.close()
      await app.dispose()
    },
  }
}
