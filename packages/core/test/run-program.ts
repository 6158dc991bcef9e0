import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Report } from '@lastcall/core'
import type { Test } from 'tap'

/** One line of the default logger. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly report?: Report
  readonly resources?: Readonly<Record<string, number>>
  readonly [detail: string]: unknown
}

/** What is known of a program once it is over and its output is read to the end. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** The lines of stdout. */
  readonly lines: readonly string[]
  readonly log: readonly LogLine[]
  readonly reports: readonly Report[]
  /** From the last signal sent, or the start if none was, to the exit, in ms. */
  readonly tookMs: number
}

export interface Program {
  readonly child: ChildProcess
  /** Settles with the first line of output, past or to come, that contains the text; rejects if none did. */
  line(text: string): Promise<string>
  /** The first line that contains the text and is not the one given. */
  nextLine(text: string, after: string): Promise<string>
  signal(signal: NodeJS.Signals): void
  /** Of a paused program: reads stdout from here on, to its end. */
  restOfStdout(): Promise<string>
  /** Settles when the process is gone; its output may still be unread. */
  readonly exited: Promise<{ readonly code: number | null }>
  /** Waits for 'close': only then has all output been read. */
  readonly ended: Promise<Ended>
}

export interface StartOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Handed to Node, before the program. */
  readonly nodeArgs?: readonly string[]
  /** A command that runs Node. */
  readonly before?: readonly string[]
  readonly cwd?: string
  /** In a process group of its own, which a signal can be sent to. */
  readonly detached?: boolean
  /** With a channel for messages, as PM2 and `fork` have it. */
  readonly ipc?: boolean
  /** Nothing is read from stdout until the test says so. */
  readonly paused?: boolean
}

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))

/**
 * Starts a compiled fixture, or the file of that path. `env -i` empties its environment but for PATH: a platform's
 * variables would change the grace period, and tap wraps `spawn` itself to load signal listeners of its own into every
 * child by NODE_OPTIONS.
 */
export function startProgram(t: Test, name: string, options: StartOptions = {}): Program {
  const {
    args = [],
    cwd,
    env = {},
    nodeArgs = [],
    before = [],
    detached = false,
    ipc = false,
    paused = false,
  } = options
  const file = name.startsWith('/') ? name : fixture(name)
  const channel = ipc ? { NODE_CHANNEL_FD: '3' } : {}
  const variables = Object.entries({ PATH: process.env['PATH'], ...channel, ...env }).map(
    ([key, value]) => `${key}=${value}`,
  )
  // both are pipes, whatever follows them
  const child = spawn('env', ['-i', ...variables, ...before, process.execPath, ...nodeArgs, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
    cwd,
    detached,
  }) as ChildProcessByStdio<null, Readable, Readable>
  t.teardown(() => child.kill('SIGKILL'))

  let since = performance.now()
  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const seen = (isIt: (line: string) => boolean): string | undefined =>
    [output.stdout, output.stderr]
      // the last piece has not ended yet
      .flatMap((stream) => stream.split('\n').slice(0, -1))
      .find(isIt)
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8')
    if (stream === 'stdout' && paused) continue
    child[stream].on('data', (chunk: string) => {
      output[stream] += chunk
      for (const look of [...waiting]) look()
    })
  }

  let exitedAt = Infinity
  const exited = new Promise<{ code: number | null }>((resolve) => {
    child.once('exit', (code) => {
      exitedAt = performance.now()
      resolve({ code })
    })
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const log = parseLog(output.stderr)
      resolve({
        ...output,
        code,
        signal,
        lines: output.stdout.split('\n').filter((line) => line !== ''),
        log,
        reports: log.flatMap(({ report }) => (report ? [report] : [])),
        tookMs: exitedAt - since,
      })
    })
  })

  const lineThat = (isIt: (line: string) => boolean, wanted: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = seen(isIt)
        if (line === undefined) return
        waiting.delete(look)
        resolve(line)
      }
      waiting.add(look)
      look()
      ended.then(
        ({ stdout, stderr }) => reject(new Error(`no line with '${wanted}' in:\n${stdout}\n${stderr}`)),
        reject,
      )
    })

  return {
    child,
    ended,
    exited,
    line: (wanted) => lineThat((line) => line.includes(wanted), wanted),
    nextLine: (wanted, after) => lineThat((line) => line.includes(wanted) && line !== after, wanted),
    restOfStdout: () => text(child.stdout),
    signal(signal) {
      since = performance.now()
      child.kill(signal)
    },
  }
}

/** Starts a fixture, waits for its line 'ready', sends the signal, and waits for the end. */
export async function runUntilSignal(
  t: Test,
  name: string,
  { signal = 'SIGTERM', ...options }: StartOptions & { readonly signal?: NodeJS.Signals } = {},
): Promise<Ended> {
  const program = startProgram(t, name, options)
  await program.line('ready')
  program.signal(signal)
  return program.ended
}

/** What the default logger said, in order. */
export const messages = ({ log }: Ended): string[] => log.map(({ msg }) => msg)

function parseLog(stderr: string): LogLine[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine & { name: string })
    .filter(({ name }) => name === 'lastcall')
}
