import { setTimeout } from 'node:timers/promises'
import { describeRelative, findFamily } from './family.js'
import type { Relative } from './family.js'
import { findListening } from './listening.js'

/** The processes of one instance right before its signal. */
export interface AppProcesses {
  /** Every one of them, with the one that is sent the signal. */
  readonly all: readonly Relative[]
  readonly signalled: Relative | undefined
  /** Who listens on the port; empty when that could not be seen. */
  readonly listeners: readonly Relative[]
}

export async function lookAtApp(root: number | undefined, port: number): Promise<AppProcesses> {
  if (root === undefined) return { all: [], signalled: undefined, listeners: [] }
  const all = await findFamily(root)
  const listening = (await findListening(all.map(({ pid }) => pid))) ?? []
  const isListener = ({ pid }: Relative): boolean =>
    listening.some((one) => one.pid === pid && one.port === port)
  return { all, signalled: all.find(({ pid }) => pid === root), listeners: all.filter(isListener) }
}

/** What an orchestrator that ends everything at the exit of the first process would have cut. */
const mercyMs = 500
const lookEveryMs = 100

/** Who is still there half a second after the exit. */
export async function findLeftBehind(root: number, { all }: AppProcesses): Promise<readonly Relative[]> {
  const others = all.filter(({ pid }) => pid !== root)
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const left = await findFamily(root, others)
    if (left.length === 0 || waitedMs >= mercyMs) return left
    await setTimeout(lookEveryMs)
  }
}

/** The way from the process that was signalled to the one that listens: `npm start → sh -c … → node server.js`. */
export function describeChain({ all }: AppProcesses, listener: Relative): string {
  const chain: Relative[] = []
  let next: Relative | undefined = listener
  while (next !== undefined && !chain.includes(next)) {
    const { parent }: Relative = next
    chain.unshift(next)
    next = all.find(({ pid }) => pid === parent)
  }
  return chain.map(describeRelative).join(' → ')
}
