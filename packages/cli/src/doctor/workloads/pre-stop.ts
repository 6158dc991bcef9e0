import { parseDuration } from '../parse/duration.js'
import type { Field } from '../parse/field.js'
import { list } from '../parse/located.js'
import { baseName } from './launch.js'
import type { PreStop } from './model.js'
import { readShell } from './shell.js'

/** How long a preStop hook takes, as far as it can be seen. */
export function readPreStop(field: Field | undefined): PreStop | undefined {
  if (!field) return undefined
  const { at } = field
  const seconds = field.path('sleep', 'seconds')?.number()
  if (seconds !== undefined) return { at, ms: seconds * 1_000, exact: true, drains: false }
  const path = field.path('httpGet', 'path')?.text()
  if (path !== undefined) return { at, ms: 0, exact: false, drains: asksToDrain(path) }
  const words = list(field.path('exec', 'command')).flatMap((word) => word.text() ?? [])
  return { at, ...readHook(words) }
}

function readHook(words: readonly string[]): Omit<PreStop, 'at'> {
  const script = words.findIndex((word) => /^-[a-z]*c$/.test(word))
  const commands = script === -1 ? [words] : readShell(words[script + 1] ?? '').commands
  const slept = commands.map(sleepMs)
  return {
    ms: slept.reduce<number>((sum, ms) => sum + (ms ?? 0), 0),
    exact: slept.every((ms) => ms !== undefined),
    drains: words.some(asksToDrain),
  }
}

/** What says something and returns at once takes no time worth counting. */
const instant = new Set(['echo', 'true', 'exit', ':'])

function sleepMs(words: readonly string[]): number | undefined {
  const [program, ...durations] = words
  if (instant.has(baseName(program))) return 0
  if (baseName(program) !== 'sleep') return undefined
  const parsed = durations.map((text) => parseDuration(text, 1_000))
  return parsed.length === 0 || parsed.includes(undefined)
    ? undefined
    : parsed.reduce<number>((sum, ms) => sum + (ms ?? 0), 0)
}

const asksToDrain = (text: string): boolean => /\/drain\b/.test(text)
