import { polled, type Cancel, type Clock } from './clock.js'
import { keptAliveBy, nameResources, remediesFor } from './kept-alive.js'
import type { Logger } from './logger.js'
import { outputTaken, unsentOutput } from './output.js'
import { whenStalled } from './stalled.js'
import { startWorkerGuardian } from './worker-guardian.js'

/** The process is ending because we said so. */
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

/**
 * When the loop is empty Node gives the signals back to the system, and goes on ending for some ms: a SIGTERM then would
 * end the process by itself. In `process.exit` it keeps them. Called by 'beforeExit', to come after all listeners.
 */
function exitLast(): void {
  process.removeListener('exit', exit)
  process.on('exit', exit)
}

const exit = (): void => process.exit()

export interface LeaveOptions {
  readonly clock: Clock
  /** Settles when the loggers have written what they hold; never rejects. */
  readonly flushLogs: () => Promise<unknown>
  /** From now to the exit at the latest, in ms. */
  readonly withinMs: number
}

/** Whoever reads the output and has taken nothing for so long will not take the rest, in ms. */
const stalledMs = 2_000

/**
 * Ends the process with `code` once what was logged and written has left it. The only caller of `process.exit`. Called
 * again, it can only make it sooner.
 */
export function exitProcess(code: number, options: LeaveOptions): void {
  const { clock, flushLogs, withinMs } = options
  clock.after(withinMs, exit, true)
  if (leaving) return
  leaving = true
  process.exitCode = worst(code)
  const written = async (): Promise<void> => {
    await flushLogs()
    whenStalled(unsentOutput, { clock, ms: stalledMs }, exit)
    await outputTaken()
    exit()
  }
  // never rejects
  void written()
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
  finish(code: number): number
}

/**
 * Holds the process until it is told to finish, and ends it at `deadlineMs` if that never happens.
 * Until then the exit code says failure: a promise that never settles holds no handle, and Node would exit 0 in the middle.
 */
export function startGuardian(options: {
  clock: Clock
  log: Logger
  /** In words, what is still waited for. */
  pending: () => string[]
  /** From now to the end, in ms. */
  deadlineMs: number
  /** How long the loop may take to empty once all is over, in ms. */
  lingerMs: number
  /** Whether a worker enforces the deadline, too. */
  inWorker: boolean
  flushLogs: LeaveOptions['flushLogs']
}): Guardian {
  const { clock, log, pending, deadlineMs, lingerMs, flushLogs } = options
  const startedAt = clock.now()
  codeBefore = process.exitCode
  process.exitCode = unfinished
  const sayUnfinished = (what: string): void =>
    log.error({ pending: pending() }, `${what}, exiting with ${worst(1)}`)
  // somebody else called `process.exit`, or an error ended the process:
  // said before loggers write their last lines, and after everybody who might set another code
  const sayEarlyExit = (): void => {
    if (!leaving) sayUnfinished('the process ended in the middle of a shutdown')
  }
  const failEarlyExit = (): void => void (leaving || (process.exitCode = worst(1)))
  process.prependOnceListener('exit', sayEarlyExit)
  process.once('exit', failEarlyExit)
  let tell: Guardian['tell']
  if (options.inWorker) {
    tell = startWorkerGuardian({
      askMs: deadlineMs - 8 * lingerMs,
      everyMs: lingerMs / 2,
      // the main thread comes first, if it can
      deadlineMs: deadlineMs + lingerMs / 8,
      endMs: deadlineMs + (lingerMs * 3) / 4,
      onFailure: (error) =>
        log.error(
          { err: error },
          'the guardian has no worker: it cannot end a process whose event loop is blocked',
        ),
    })
  }
  let finished = false
  const giveUp = (): void => {
    if (finished) return
    sayUnfinished('the shutdown did not end by its deadline')
    exitProcess(1, { clock, flushLogs, withinMs: lingerMs / 2 })
  }
  // A late loop finds all its timers due at once. Those before this one may end the shutdown, and the report takes a poll.
  const cancel: Cancel = clock.after(
    deadlineMs,
    () => void polled(clock).then(() => clock.turn(giveUp)),
    true,
  )
  let settled = 1
  const keepCode = (): void => void (process.exitCode = worst(settled))
  const rest = (code: number): void => {
    settled = code
    keepCode()
    process.removeListener('exit', sayEarlyExit).removeListener('exit', failEarlyExit)
    process.removeListener('exit', keepCode)
    // a framework may have an exit of its own, with 0 whatever has happened
    process.once('exit', keepCode)
  }
  return {
    tell,
    rest,
    finish(code) {
      finished = true
      cancel()
      rest(code)
      const exitCode = worst(code)
      process.on('beforeExit', exitLast)
      const leftMs = (): number => startedAt + deadlineMs - clock.now()
      const end = (): void => {
        for (const stop of stops) stop()
        const resources = keptAliveBy(clock.held)
        log.warn(
          { resources, remedies: remediesFor(resources), exitCode },
          `everything is released, but ${nameResources(resources)} keeps the process alive: exiting with ${exitCode}. A participant should end it`,
        )
        exitProcess(code, { clock, flushLogs, withinMs: Math.max(leftMs(), lingerMs / 2) })
      }
      // whoever is slow to read the last lines is waited for
      const stops = [
        whenStalled(unsentOutput, { clock, ms: lingerMs }, end),
        clock.after(Math.max(leftMs(), lingerMs), end),
      ]
      return exitCode
    },
  }
}
