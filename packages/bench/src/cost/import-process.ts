// Imports what it is given, in a process of its own, and says how long the last of it took.
import { performance } from 'node:perf_hooks'

export interface ImportOrder {
  /** What is there anyway. */
  readonly before: readonly string[]
  readonly modules: readonly string[]
}

export interface ImportCost {
  readonly ms: number
  /** Processor time, in ms. */
  readonly processorMs: number
}

const { before, modules } = JSON.parse(process.argv[2] ?? '') as ImportOrder
// whatever is imported first pays for the loader
const nothing = 'data:text/javascript,'
await import(nothing)
for (const name of before) await import(name)
const startedAt = performance.now()
const used = process.cpuUsage()
for (const name of modules) await import(name)
const ms = performance.now() - startedAt
const { user, system } = process.cpuUsage(used)
process.stdout.write(JSON.stringify({ ms, processorMs: (user + system) / 1e3 } satisfies ImportCost), () =>
  // some listen to a port as soon as they are imported
  process.exit(),
)
