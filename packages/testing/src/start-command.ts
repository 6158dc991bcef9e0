import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'

/** What is known of a process once it is over and its output is read to the end. */
export interface Output {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** From the last signal sent, or the start if none was, to the exit, in ms. */
  readonly tookMs: number
}

export interface Command {
  readonly child: ChildProcessWithoutNullStreams
  /**
   * Settles with the first line of output, past or to come, that contains the text or passes the test; rejects if none
   * did. `what` is for the error.
   */
  line(wanted: string | ((line: string) => boolean), what?: string): Promise<string>
  /** Every line so far: of stdout, then of stderr. */
  lines(): string[]
  /** A line on its standard input. */
  tell(line: string): void
  signal(name: NodeJS.Signals): void
  /** Settles when the process is gone; its output may still be unread. */
  readonly exited: Promise<{ readonly code: number | null }>
  /** Waits for 'close': only then has all output been read. */
  readonly ended: Promise<Output>
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Nothing is read from stdout until the test does so. */
  readonly paused?: boolean
  /** In a process group of its own, which a signal can be sent to. */
  readonly detached?: boolean
  /** With a channel for messages, as PM2 and `fork` have it. */
  readonly ipc?: boolean
}

/**
 * Starts a process by `env -i`, with nothing in its environment but PATH and what is given: a platform's variables would
 * change the grace period, and tap wraps `spawn` itself to load signal listeners of its own into every child by
 * NODE_OPTIONS.
 */
export function startCommand(
  command: readonly string[],
  { env = {}, cwd, paused = false, detached = false, ipc = false }: CommandOptions = {},
): Command {
  const channel = ipc ? { NODE_CHANNEL_FD: '3' } : {}
  const variables = Object.entries({ PATH: process.env['PATH'], ...channel, ...env }).map(
    ([key, value]) => `${key}=${value}`,
  )
  // the first three are pipes, whatever follows them
  const child = spawn('env', ['-i', ...variables, ...command], {
    stdio: ['pipe', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
    cwd,
    detached,
  }) as ChildProcessWithoutNullStreams
  // a process that is gone reads nothing
  child.stdin.on('error', () => {})

  let since = performance.now()
  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8')
    if (stream === 'stdout' && paused) continue
    child[stream].on('data', (chunk: string) => {
      output[stream] += chunk
      for (const look of [...waiting]) look()
    })
  }
  const lines = (): string[] =>
    // the last piece has not ended yet
    [output.stdout, output.stderr].flatMap((stream) => stream.split('\n').slice(0, -1))

  let exitedAt = Infinity
  const exited = new Promise<{ code: number | null }>((resolve) => {
    child.once('exit', (code) => {
      exitedAt = performance.now()
      resolve({ code })
    })
  })
  const ended = new Promise<Output>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ ...output, code, signal, tookMs: exitedAt - since }))
  })

  return {
    child,
    exited,
    ended,
    lines,
    tell: (line) => void child.stdin.write(`${line}\n`),
    signal(name) {
      since = performance.now()
      child.kill(name)
    },
    line: (wanted, what = `'${String(wanted)}'`) =>
      new Promise((resolve, reject) => {
        const isWanted =
          typeof wanted === 'string' ? (line: string): boolean => line.includes(wanted) : wanted
        const look = (): void => {
          const line = lines().find(isWanted)
          if (line === undefined) return
          waiting.delete(look)
          resolve(line)
        }
        waiting.add(look)
        look()
        ended.then(
          // no part of the message: a control of the conformance suite is told by its words
          ({ stdout, stderr }) =>
            reject(new Error(`it ended without ${what}`, { cause: `${stdout}\n${stderr}` })),
          reject,
        )
      }),
  }
}
