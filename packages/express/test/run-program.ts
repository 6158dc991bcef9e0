import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Report } from '@lastcall/core'
import type { Test } from 'tap'

/** One line of the program's log, as the default logger writes it. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly report?: Report
  readonly [detail: string]: unknown
}

/** What is known of a program once it is over and its output is read to the end. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
  /** The lines that are no log. */
  readonly lines: readonly string[]
  readonly log: readonly LogLine[]
  /** Of a process that was shut down: it logs exactly one. */
  readonly report: Report | undefined
}

export interface Program {
  /** Settles with the first line of output, past or to come, that contains the text; rejects if none did. */
  line(text: string): Promise<string>
  /** Of the server that the program says it listens with; the first one, or the one with that name. */
  port(name?: string): Promise<number>
  signal(name: NodeJS.Signals): void
  /** Waits for 'close': only then has all output been read. */
  readonly ended: Promise<Ended>
}

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))

/**
 * Starts a program of Node. `env -i` empties its environment but for PATH: a platform's variables would change the grace
 * period, and tap wraps `spawn` itself to load signal listeners of its own into every child by NODE_OPTIONS.
 */
export function startProgram(
  t: Test,
  args: readonly string[],
  { env = {}, cwd }: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): Program {
  const variables = Object.entries({ PATH: process.env['PATH'], ...env }).map(
    ([key, value]) => `${key}=${value}`,
  )
  const child = spawn('env', ['-i', ...variables, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  })
  t.teardown(() => child.kill('SIGKILL'))

  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk
      for (const look of [...waiting]) look()
    })
  }
  const lines = (): string[] =>
    // the last piece has not ended yet
    [output.stdout, output.stderr].flatMap((stream) => stream.split('\n').slice(0, -1))

  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const log = lines().filter(isLog).map(parseLog)
      resolve({
        code,
        signal,
        output: `${output.stdout}\n${output.stderr}`,
        lines: lines().filter((line) => !isLog(line)),
        log,
        report: log.find(({ report }) => report)?.report,
      })
    })
  })

  const line = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines().find((candidate) => candidate.includes(text))
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
      ended.then((end) => reject(new Error(`no line with '${text}' in:\n${end.output}`)), reject)
    })

  return {
    line,
    ended,
    port: async (name = 'listening') => Number((await line(`${name} on `)).split(' ').at(-1)),
    signal: (name) => void child.kill(name),
  }
}

/** What was logged, in order. */
export const messages = ({ log }: Ended): string[] => log.map(({ msg }) => msg)

const isLog = (line: string): boolean => line.startsWith('{')

const parseLog = (line: string): LogLine => JSON.parse(line) as LogLine
