import { spawn, type ChildProcess } from 'node:child_process'

/** What is known of a program once it is over and its output is read to the end. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Program {
  readonly child: ChildProcess
  /** Settles with the first line of output, past or to come, that is wanted; rejects if none was. */
  line(isWanted: (line: string) => boolean, wanted: string): Promise<string>
  /** Every line so far. */
  lines(): string[]
  /** A line on its standard input. */
  tell(command: string): void
  /** Waits for 'close': only then has all output been read. */
  readonly ended: Promise<Ended>
}

/**
 * Starts a program by `env -i`, with nothing in its environment but PATH and what is given: a platform's variables would
 * change the grace period, and tap loads signal listeners of its own into every child by NODE_OPTIONS.
 */
export function startProgram(command: readonly string[], env: Readonly<Record<string, string>>): Program {
  const variables = Object.entries({ PATH: process.env['PATH'], ...env }).map(
    ([key, value]) => `${key}=${value}`,
  )
  const child = spawn('env', ['-i', ...variables, ...command])
  // a program that is gone reads nothing
  child.stdin.on('error', () => {})
  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  // the last piece has not ended yet
  const lines = (): string[] =>
    [output.stdout, output.stderr].flatMap((stream) => stream.split('\n').slice(0, -1))
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk
      for (const look of [...waiting]) look()
    })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ ...output, code, signal }))
  })
  return {
    child,
    ended,
    lines,
    tell: (told) => void child.stdin.write(`${told}\n`),
    line: (isWanted, wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = lines().find(isWanted)
          if (line === undefined) return
          waiting.delete(look)
          resolve(line)
        }
        waiting.add(look)
        look()
        ended.then(() => reject(new Error(`it ended without ${wanted}`)), reject)
      }),
  }
}
