import { setTimeout } from 'node:timers/promises'
import { listProcesses } from './list-processes.js'
import type { ProcessEntry } from './list-processes.js'

/** A process of the app: the one that the drill started, or one that came of it. */
export interface Relative extends Pick<ProcessEntry, 'pid' | 'parent'> {
  readonly command: string
}

/**
 * Who belongs to the process that the drill started, itself included while it runs: its session and its group (package
 * managers give their scripts groups of their own), its descendants, and whoever was `known` to be one before.
 */
export async function findFamily(
  root: number,
  known: readonly Relative[] = [],
): Promise<readonly Relative[]> {
  const alive = (await listProcesses()).filter(({ zombie }) => !zombie)
  const members = new Map<number, ProcessEntry>()
  const add = (entry: ProcessEntry): void => {
    if (members.has(entry.pid)) return
    members.set(entry.pid, entry)
    for (const child of alive) if (child.parent === entry.pid) add(child)
  }
  for (const entry of alive) {
    const { pid, session, group } = entry
    if (pid === root || session === root || group === root) add(entry)
    // Numbers of processes come back; a number and a command hardly do.
    const before = known.find((one) => one.pid === pid)
    if (before !== undefined && before.command === (await entry.command())) add(entry)
  }
  return Promise.all(
    [...members.values()].map(async ({ pid, parent, command }) => ({
      pid,
      parent,
      command: await command(),
    })),
  )
}

/** Ends all of them at once, and waits until they are gone: what they held must be free. */
export async function endFamily(root: number, known: readonly Relative[] = []): Promise<void> {
  // Whose parent is gone is nobody's: unless they are known, they are found before anybody is ended.
  if (known.length > 0) endAtOnce(-root)
  let family = await findFamily(root, known)
  endAtOnce(-root) // also where processes cannot be listed
  for (let look = 0; look < 20 && family.length > 0; look++) {
    for (const { pid } of family) endAtOnce(pid)
    await setTimeout(20)
    family = await findFamily(root, family)
  }
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // already gone
  }
}

/** `node server.js (pid 4711)` */
export function describeRelative({ pid, command }: Relative): string {
  return `${shorten(command)} (pid ${pid})`
}

const longest = 100

/** Leaves out the middle of a long command: what runs is at its beginning, and what it runs mostly at its end. */
export function shorten(command: string): string {
  const line = command.replaceAll(/\s+/g, ' ')
  return line.length > longest ? `${line.slice(0, 39)}…${line.slice(-60)}` : line
}
