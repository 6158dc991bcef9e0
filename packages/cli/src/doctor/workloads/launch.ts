import type { Place } from '../finding.js'
import { readShell } from './shell.js'

/** A command and what stands between the supervisor and the program that does the work. */
export interface Launch {
  readonly at: Place
  readonly words: readonly string[]
  /** From the outside in. */
  readonly fronts: readonly Front[]
  /** What runs in the end, as far as it can be seen. */
  readonly program: readonly string[]
  /** An init such as tini comes first. */
  readonly hasInit: boolean
  /** How the place where it is written has it. */
  readonly form: 'list' | 'text' | 'shell' | 'unit'
}

export interface Front {
  readonly kind: 'shell' | 'package-manager' | 'supervisor' | 'watcher' | 'script'
  /** `sh`, `npm`, `nodemon`. */
  readonly name: string
  /** The package.json script that a package manager runs. */
  readonly script?: string | undefined
  /** A shell whose last command is the program: some shells replace themselves with it. */
  readonly isLast?: boolean
  /** It is told to do nothing else, not even to set a variable. */
  readonly isAlone?: boolean
}

/** Takes a command apart. */
export function readLaunch(words: readonly string[], at: Place, form: Launch['form']): Launch {
  const fronts: Front[] = []
  const { rest, hasInit } = withoutInits(words)
  return { at, words, fronts, program: unwrap(rest, fronts), hasInit, form }
}

/** Replace themselves with the command, or run it and pass signals on to it alone. */
const transparent = new Map<string, (words: readonly string[]) => number>([
  ['env', (words) => after(words, (word) => word.startsWith('-') || word.includes('='))],
  ['exec', (words) => after(words, (word) => word.startsWith('-'))],
  ['gosu', () => 2],
  ['su-exec', () => 2],
  ['nice', (words) => after(words, (word) => /^-|^\d+$/.test(word))],
])

const inits = new Set(['tini', 'tini-static', 'dumb-init', 'catatonit', 'docker-init'])
const initOptionsWithValue = new Set(['-e', '-p', '-r', '--rewrite'])
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'busybox'])
const packageManagers = new Set(['npm', 'yarn', 'pnpm', 'npx', 'yarnpkg'])
const supervisors = new Set([
  'pm2',
  'pm2-runtime',
  'pm2-docker',
  'pm2-dev',
  'forever',
  'concurrently',
  'npm-run-all',
  'run-p',
  'run-s',
  'foreman',
  'nf',
])
const watchers = new Set(['nodemon', 'ts-node-dev', 'tsnd', 'node-dev', 'supervisor'])

function withoutInits(words: readonly string[]): { rest: readonly string[]; hasInit: boolean } {
  if (!inits.has(baseName(words[0]))) return { rest: words, hasInit: false }
  let index = 1
  for (; index < words.length && words[index]?.startsWith('-'); index++) {
    const word = words[index] ?? ''
    if (word === '--') return { rest: words.slice(index + 1), hasInit: true }
    if (initOptionsWithValue.has(word)) index++
  }
  return { rest: words.slice(index), hasInit: true }
}

function unwrap(words: readonly string[], fronts: Front[], depth = 0): readonly string[] {
  const name = baseName(words[0])
  const skip = transparent.get(name)
  if (depth > 8 || words.length === 0) return words
  if (skip) return unwrap(words.slice(skip(words)), fronts, depth + 1)
  if (inits.has(name)) return unwrap(withoutInits(words).rest, fronts, depth + 1)
  if (shells.has(name)) return unwrapShell(words, fronts, depth)
  if (packageManagers.has(name)) {
    fronts.push({ kind: 'package-manager', name, script: scriptOf(name, words.slice(1)) })
    return words
  }
  if (
    watchers.has(name) ||
    (name === 'tsx' && words[1] === 'watch') ||
    (isNode(name) && nodeOptions(words).some((word) => /^--watch\b/.test(word)))
  )
    fronts.push({ kind: 'watcher', name: isNode(name) ? 'node --watch' : name })
  else if (supervisors.has(name)) fronts.push({ kind: 'supervisor', name })
  else if (/\.(?:sh|bash)$/.test(name) || name === 'docker-entrypoint' || name === 'entrypoint') {
    fronts.push({ kind: 'script', name })
    // what it is given is most likely what it runs
    if (words.length > 1) return unwrap(words.slice(1), fronts, depth + 1)
  }
  return words
}

function unwrapShell(words: readonly string[], fronts: Front[], depth: number): readonly string[] {
  const name = baseName(words[0]) === 'busybox' ? 'busybox sh' : baseName(words[0])
  const flag = words.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word))
  const text = flag === -1 ? undefined : words[flag + 1]
  if (text === undefined) {
    fronts.push({ kind: 'script', name: [name, ...words.slice(1)].join(' ') })
    return words
  }
  const { commands, operators } = readShell(text)
  // the app, if it can be seen, whatever comes after it
  const seen = commands.findLastIndex(runsNode)
  const index = seen === -1 ? commands.length - 1 : seen
  const command = commands[index] ?? []
  const last = withoutAssignments(command)
  const isLast = index === commands.length - 1 && operators[index] === '' && operators[index - 1] !== '|'
  if (last[0] !== 'exec' || !isLast)
    fronts.push({
      kind: 'shell',
      name,
      isLast,
      isAlone: commands.length === 1 && last.length === command.length,
    })
  return unwrap(last, fronts, depth + 1)
}

function runsNode(words: readonly string[]): boolean {
  const name = baseName(withoutAssignments(words).find((word) => word !== 'exec'))
  return isNode(name) || packageManagers.has(name) || watchers.has(name) || supervisors.has(name)
}

export function withoutAssignments(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !/^\w+=/.test(word))
  return first === -1 ? [] : words.slice(first)
}

function scriptOf(name: string, words: readonly string[]): string | undefined {
  const [first, second] = words.filter((word) => !word.startsWith('-'))
  if (name === 'npx' || first === undefined || ['exec', 'x', 'dlx'].includes(first)) return undefined
  if (first === 'run' || first === 'run-script') return second
  return first === 'start' || first === 'test' || name !== 'npm' ? first : undefined
}

/** The first index after the program's name whose word does not belong to it. */
function after(words: readonly string[], belongs: (word: string) => boolean): number {
  const index = words.findIndex((word, at) => at > 0 && !belongs(word))
  return index === -1 ? words.length : index
}

/** Up to the script, whose own options come after it. */
const nodeOptions = (words: readonly string[]): readonly string[] =>
  words.slice(
    1,
    after(words, (word) => word.startsWith('-')),
  )

export const isNode = (name: string): boolean => name === 'node' || name === 'nodejs'

export const baseName = (word = ''): string => word.slice(word.lastIndexOf('/') + 1)
