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

/** Restarts that were measured, kept so that a measurement can be interrupted and taken up again. */
export interface Journal {
  readonly file: string
  add(entry: Entry): void
  entries(title: string): readonly Entry[]
}

export function openJournal(name: string): Journal {
  const directory = new URL('../../../.cache/bench/', import.meta.url)
  mkdirSync(directory, { recursive: true })
  const file = fileURLToPath(new URL(`${name}.jsonl`, directory))
  const kept = read(file)
  return {
    file,
    add(entry) {
      kept.push(entry)
      appendFileSync(file, `${JSON.stringify(entry)}\n`)
    },
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
