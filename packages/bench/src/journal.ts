import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Restart } from './stack.js'

/** One restart of a stack, as it is kept on disk. */
export interface Entry {
  readonly title: string
  readonly restart: Restart
  /** The share of the processors' time that was unused since the entry before it. */
  readonly idle: number
}

/** Restarts that were measured. */
export interface Journal {
  add(entry: Entry): void
  entries(title: string): readonly Entry[]
}

/** Kept on disk, so that a measurement can be interrupted and taken up again. */
export function openJournal(name: string): Journal {
  const directory = new URL('../../../.cache/bench/', import.meta.url)
  mkdirSync(directory, { recursive: true })
  const file = fileURLToPath(new URL(`${name}.jsonl`, directory))
  const kept = read(file)
  return {
    add(entry) {
      kept.push(entry)
      appendFileSync(file, `${JSON.stringify(entry)}\n`)
    },
    entries: (title) => kept.filter((entry) => entry.title === title),
  }
}

/** For a measurement that is not worth keeping. */
export function forgetfulJournal(): Journal {
  const kept: Entry[] = []
  return {
    add: (entry) => void kept.push(entry),
    entries: (title) => kept.filter((entry) => entry.title === title),
  }
}

function read(file: string): Entry[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
