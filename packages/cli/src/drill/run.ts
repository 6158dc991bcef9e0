import { spawn } from 'node:child_process'

/** How one process ended. */
export interface Ending {
  readonly exitCode: number | null
  readonly exitSignal: NodeJS.Signals | null
  /** It was still there when the grace period was over, and had to be stopped with SIGKILL. */
  readonly forced: boolean
  /** From the signal to the end; 0 for a process that ended by itself. */
  readonly ms: number
  /** The operating system could not start it. */
  readonly error: Error | undefined
}

/** One process of an app, from its start to its end. */
export interface Run {
  /** Resolves when the process is gone and its output is complete. */
  readonly ended: Promise<Ending>
  /** Sends SIGTERM, and SIGKILL only when the grace period is over. */
  terminate(graceMs: number): Promise<Ending>
  /** Ends it, and what it started, at once. */
  destroy(): Promise<Ending>
  isTerminating(): boolean
  /** The last lines it printed. */
  output(): string
}

const keptOutput = 8_000

export function startRun(command: readonly string[], env: NodeJS.ProcessEnv): Run {
  const [file = '', ...args] = command
  // A process group of its own: Ctrl-C at the terminal reaches the drill only, and SIGKILL reaches what the app started.
  const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-keptOutput)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)

  let signalledAt: number | undefined
  let forced = false
  let failure: Error | undefined
  child.on('error', (error) => (failure = error))
  const ended = new Promise<Ending>((resolve) => {
    const settle = (exitCode: number | null, exitSignal: NodeJS.Signals | null): void => {
      const ms = signalledAt === undefined ? 0 : performance.now() - signalledAt
      resolve({ exitCode, exitSignal, forced, ms, error: failure })
    }
    child.on('close', settle) // not 'exit': output may follow it
  })
  const killGroup = (): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // already gone
    }
  }

  return {
    ended,
    async terminate(graceMs) {
      signalledAt ??= performance.now()
      child.kill('SIGTERM')
      const timer = setTimeout(() => {
        forced = true
        killGroup()
      }, graceMs)
      const ending = await ended
      clearTimeout(timer)
      return ending
    },
    destroy() {
      signalledAt ??= performance.now()
      killGroup()
      return ended
    },
    isTerminating: () => signalledAt !== undefined,
    output: () => output.trimEnd().split('\n').slice(-20).join('\n'),
  }
}
