import type { Cancel, Clock } from './clock.js'

let leaving = false

/** Whether the process is ending because we said so. */
export const isLeaving = (): boolean => leaving

/**
 * Ends the process with `code` once stdout and stderr have taken what was written to them, after `flushMs` at the latest:
 * `process.exit` alone truncates a pipe. The only caller of `process.exit`.
 */
export function exitProcess(code: number, flushMs: number, clock: Clock): void {
  if (leaving) return
  leaving = true
  process.exitCode = code
  const exit = (): void => process.exit(code)
  clock.after(flushMs, exit, true)
  let open = 2
  const flushed = (): void => {
    open -= 1
    if (open === 0) exit()
  }
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableEnded || stream.destroyed) flushed()
    else stream.write('', flushed)
  }
}

export interface Guardian {
  /** The shutdown is over, but the process stays: whoever ends it before `finish` does so with this code. */
  rest(code: number): void
  /** The shutdown is over: sets the exit code, and ends the process if the loop does not empty by itself in time. */
  finish(code: number, onStillAlive: (resources: string[]) => void): void
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
  onDeadline: () => void
  /** Somebody else called `process.exit`, or an error ended the process. */
  onEarlyExit: () => void
}): Guardian {
  const { clock, deadlineMs, lingerMs } = options
  process.exitCode = 1
  const onExit = (): void => {
    if (leaving) return
    process.exitCode = 1
    options.onEarlyExit()
  }
  process.once('exit', onExit)
  const cancel: Cancel = clock.after(
    deadlineMs,
    () => {
      options.onDeadline()
      exitProcess(1, lingerMs, clock)
    },
    true,
  )
  const rest = (code: number): void => {
    process.removeListener('exit', onExit)
    process.exitCode = code
  }
  return {
    rest,
    finish(code, onStillAlive) {
      cancel()
      rest(code)
      clock.after(lingerMs, () => {
        onStillAlive(process.getActiveResourcesInfo())
        exitProcess(code, lingerMs, clock)
      })
    },
  }
}
