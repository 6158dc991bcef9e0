import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProgram } from '@lastcall/testing'
import type { Test } from 'tap'

/** How a process is told to leave: SIGTERM, if nothing else is said. */
const signals: Readonly<Record<string, NodeJS.Signals>> = {
  'a second SIGINT': 'SIGINT',
  'a crash': 'SIGUSR2',
  begin: 'SIGUSR2',
}

export interface Left {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** How many of the app's lines have not arrived. */
  readonly lost: number
  /** All that was logged, as text. */
  readonly log: string
}

/** The path of a program in `fixtures`. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../test/fixtures/${name}.js`, import.meta.url))

/** Starts `fixtures/leaves.js`, lets it leave in the way that is named, and counts what has arrived. */
export async function leave(
  t: Test,
  options: {
    readonly logger: string
    readonly way: string
    readonly to: 'file' | 'pipe'
    readonly count?: number
  },
): Promise<Left> {
  const { logger, way, to, count = 500 } = options
  const file = join(t.testdir(), 'log')
  const args = [fixture('leaves'), logger, way, String(count), ...(to === 'file' ? [file] : [])]
  const program = startProgram(t, args)
  await program.line('ready')
  program.signal(signals[way] ?? 'SIGTERM')
  const { stdout, stderr, code, signal } = await program.ended
  // a control may be gone before its logger has opened the file
  const written = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const log = (to === 'file' ? written : stdout) + stderr
  return { code, signal, log, lost: lostLines(log, count) }
}

/** How many of so many numbered lines are missing. */
export function lostLines(log: string, count: number): number {
  const numbers = new Set([...log.matchAll(/\bline (\d+) \./g)].map(([, number]) => Number(number)))
  return Array.from({ length: count }, (_, index) => index + 1).filter((number) => !numbers.has(number))
    .length
}
