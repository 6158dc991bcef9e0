import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { endFamily } from '../processes/family.js'
import type { Relative } from '../processes/family.js'

export interface Exit {
  readonly exitCode: number | null
  readonly exitSignal: NodeJS.Signals | null
  /** It was still there when the grace period was over, and had to be stopped with SIGKILL. */
  readonly forced: boolean
}

/** How one process ended. */
export interface Ending extends Exit {
  /** From the signal to the end; 0 for a process that ended by itself. */
  readonly ms: number
  /** The operating system could not start it. */
  readonly error: Error | undefined
}

export interface Termination {
  /** Who belonged to it before: not all of them can be found when it has gone. */
  readonly known?: readonly Relative[]
  /** When SIGTERM is sent again, ms after the first. @default never */
  readonly again?: readonly number[]
  /** It has been sent for the nth time. */
  readonly onSignal?: (nth: number) => void
  /** The grace period is over; SIGKILL follows. */
  readonly beforeForce?: () => Promise<void>
  /** The process has exited; what it left behind is ended afterwards. */
  readonly afterExit?: (exit: Exit) => Promise<void>
}

/** One process of an app, from its start to its end. */
export interface Run {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  /** Resolves when the process is gone and its output is complete. */
  readonly ended: Promise<Ending>
  /** Sends SIGTERM, and SIGKILL only when the grace period is over. */
  terminate(graceMs: number, termination?: Termination): Promise<Ending>
  /** Ends it, and what it started, at once. */
  destroy(): Promise<Ending>
  isTerminating(): boolean
  /** The last lines it printed. */
  output(): string
}

const keptOutput = 8_000
/** How long what the process left behind may keep its output open. */
const outputMs = 2_000

export function startRun(command: readonly string[], env: NodeJS.ProcessEnv): Run {
  const [file = '', ...args] = command
  // A process group of its own: Ctrl-C at the terminal reaches the drill only, and SIGKILL reaches what the app started.
  const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  const output = keepOutput(child.stdout, child.stderr)
  let signalledAt: number | undefined
  let forced = false
  let gone = false
  let ms = 0
  let failure: Error | undefined
  const exited = new Promise<void>((resolve) => {
    const leave = (): void => {
      gone = true
      ms = signalledAt === undefined ? 0 : performance.now() - signalledAt
      resolve()
    }
    child.on('exit', leave)
    child.on('error', (error) => {
      failure = error
      leave()
    })
  })
  const ended = new Promise<Ending>((resolve) => {
    // not 'exit': output may follow it
    child.on('close', (exitCode, exitSignal) => resolve({ exitCode, exitSignal, forced, ms, error: failure }))
  })
  const endAll = async (known?: readonly Relative[]): Promise<void> => {
    if (pid !== undefined) await endFamily(pid, known)
  }
  const tidyUp = async (known?: readonly Relative[]): Promise<Ending> => {
    await endAll(known)
    const timer = setTimeout(() => {
      child.stdout.destroy()
      child.stderr.destroy()
    }, outputMs)
    const ending = await ended
    clearTimeout(timer)
    return ending
  }
  // Right after its exit its number is nobody else's: later it must not be ended any more.
  const tidiedUp = exited.then(() => (signalledAt === undefined ? tidyUp() : ended))

  return {
    pid,
    ended,
    async terminate(graceMs, { known, again = [], onSignal, beforeForce, afterExit } = {}) {
      signalledAt ??= performance.now()
      let times = 0
      const signal = (): void => {
        if (gone) return
        child.kill('SIGTERM')
        onSignal?.(++times)
      }
      signal()
      const timers = again.map((atMs) => setTimeout(signal, atMs))
      const force = async (): Promise<void> => {
        forced = true
        await beforeForce?.()
        if (!gone) await endAll(known)
      }
      timers.push(setTimeout(() => void force(), graceMs)) // neither looking nor ending throws
      await exited
      for (const timer of timers) clearTimeout(timer)
      await afterExit?.({ exitCode: child.exitCode, exitSignal: child.signalCode, forced })
      return tidyUp(known)
    },
    async destroy() {
      signalledAt ??= performance.now()
      if (gone) return tidiedUp
      await endAll()
      return tidyUp()
    },
    isTerminating: () => signalledAt !== undefined,
    output,
  }
}

/** Keeps the end of what is printed, and tells its last lines. */
function keepOutput(...streams: readonly Readable[]): () => string {
  let kept = ''
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => {
      kept = (kept + chunk.toString()).slice(-keptOutput)
    })
  }
  return () => kept.trimEnd().split('\n').slice(-20).join('\n')
}
