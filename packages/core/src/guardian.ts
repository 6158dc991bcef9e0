import type { Cancel, Clock } from './clock.js'
import { keptAliveBy, type Resources } from './kept-alive.js'
import { startWorkerGuardian } from './worker-guardian.js'

let leaving = false

/** Failure until all is over: 1 to the system, and not what the app would set itself. */
const unfinished = 257
/** What the app had set before. */
let codeBefore: unknown

/** A failing code that the app sets itself, before a shutdown or in it, says more than ours and stays. */
function worst(code: number): number {
  const own = process.exitCode === unfinished ? codeBefore : process.exitCode
  return Math.max(code, Number(own ?? 0))
}

/** Whether the process is ending because we said so. */
export const isLeaving = (): boolean => leaving

/**
 * When the loop is empty Node gives the signals back to the system, and goes on ending for some ms: a SIGTERM then would
 * end the process by itself. In `process.exit` it keeps them. Called by 'beforeExit', to come after all listeners.
 */
function exitLast(): void {
  process.removeListener('exit', exit)
  process.on('exit', exit)
}

const exit = (): void => process.exit()

/**
 * Ends the process with `code` once stdout and stderr have taken what was written to them, after `flushMs` at the latest:
 * `process.exit` alone truncates a pipe. The only caller of `process.exit`.
 */
export function exitProcess(code: number, flushMs: number, clock: Clock): void {
  if (leaving) return
  leaving = true
  process.exitCode = worst(code)
  clock.after(flushMs, exit, true)
  let open = 2
  const flushed = (): void => {
    open -= 1
    if (open === 0) exit()
  }
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableEnded || stream.destroyed) flushed()
    // with an encoding: what PM2 puts in its place takes the second argument for one
    else stream.write('', 'utf8', flushed)
  }
}

export interface Guardian {
  /** Where there is a worker: tells it what is going on. */
  readonly tell: ((state: object) => void) | undefined
  /** The shutdown is over, but the process stays: whoever ends it before `finish` does so with this code. */
  rest(code: number): void
  /**
   * The shutdown is over: sets the exit code and returns it, and ends the process if the loop does not empty by itself
   * in time.
   */
  finish(code: number, onStillAlive: (resources: Resources) => void): number
}

/**
 * Holds the process until it is told to finish, and ends it at `deadlineMs` if that never happens.
 * Until then the exit code says failure: a promise that never settles holds no handle, and Node would exit 0 in the middle.
 */
export function startGuardian(options: {
  clock: Clock
  /** From now to the end, in ms. */
  deadlineMs: number
  /** How long the loop may take to empty once all is over, in ms. */
  lingerMs: number
  /** Whether a worker enforces the deadline, too. */
  inWorker: boolean
  onNoWorker: (error: unknown) => void
  onDeadline: (code: number) => void
  /** Somebody else called `process.exit`, or an error ended the process. */
  onEarlyExit: (code: number) => void
}): Guardian {
  const { clock, deadlineMs, lingerMs } = options
  codeBefore = process.exitCode
  process.exitCode = unfinished
  const onExit = (): void => {
    if (leaving) return
    process.exitCode = worst(1)
    options.onEarlyExit(process.exitCode)
  }
  process.once('exit', onExit)
  let tell: Guardian['tell']
  if (options.inWorker) {
    tell = startWorkerGuardian({
      askMs: deadlineMs - 4 * lingerMs,
      everyMs: lingerMs / 2,
      // the main thread comes first, if it can
      deadlineMs: deadlineMs + lingerMs / 8,
      endMs: deadlineMs + (lingerMs * 3) / 4,
      onFailure: options.onNoWorker,
    })
  }
  const cancel: Cancel = clock.after(
    deadlineMs,
    () => {
      options.onDeadline(worst(1))
      exitProcess(1, lingerMs / 2, clock)
    },
    true,
  )
  let settled = 1
  const keepCode = (): void => void (process.exitCode = worst(settled))
  const rest = (code: number): void => {
    settled = code
    keepCode()
    process.removeListener('exit', onExit)
    process.removeListener('exit', keepCode)
    // a framework may have an exit of its own, with 0 whatever has happened
    process.once('exit', keepCode)
  }
  return {
    tell,
    rest,
    finish(code, onStillAlive) {
      cancel()
      rest(code)
      process.on('beforeExit', exitLast)
      clock.after(lingerMs, () => {
        onStillAlive(keptAliveBy(clock.held))
        exitProcess(code, lingerMs, clock)
      })
      return worst(code)
    },
  }
}
