import { isatty } from 'node:tty'
import { systemClock } from './clock.js'
import type { Logger } from './logger.js'
import { recognisePlatform } from './platform.js'
import type { Registry } from './registry.js'
import { beginTimeline } from './timeline.js'

/** What the process was told from outside, at the time of asking. */
export const surroundings: {
  readonly env: NodeJS.ProcessEnv
  readonly pid: number
  /** Under `node --watch`, whose restart should not be waited for. */
  readonly watched: boolean
} = {
  env: process.env,
  pid: process.pid,
  get watched() {
    return process.env['WATCH_REPORT_DEPENDENCIES'] !== undefined
  },
}

/** Two deliveries of one Ctrl-C, by a wrapper and by the terminal, come closer together than this. */
const secondInterruptMs = 1_000

/** The log of an error may itself be what throws, a moment later: that would go on for ever. */
const mostLogged = 20

/** Installs a listener for each signal that no other instance, of whatever copy of the package, listens to already. */
export function listenToSignals(registry: Registry, signals: readonly NodeJS.Signals[], log: Logger): void {
  for (const signal of signals) {
    if (registry.listeners.has(signal)) continue
    const listener = heard(registry, signal, log)
    process.on(signal, listener)
    registry.listeners.set(signal, () => void process.removeListener(signal, listener))
  }
}

/**
 * An error that nobody catches ends a process that serves: what is in flight may finish first. `yielding` listeners leave
 * the end to others.
 */
export function listenToCrashes(registry: Registry, log: Logger, yielding: number): void {
  const event = 'uncaughtException'
  if (registry.listeners.has(event) || process.listenerCount(event) > yielding) return
  const listener = (error: unknown, origin: string): void => {
    const { timeline } = registry
    if (!timeline || timeline.crashes < mostLogged)
      log.error({ err: error, origin }, `${origin}: work in flight may finish, then the process exits with 1`)
    // also where `exit: false` leaves the end to the app
    process.exitCode ||= 1
    if (timeline) timeline.crashed()
    else beginTimeline(registry, { reason: origin, kind: 'crash' }, systemClock, log)
    if (timeline?.exitCode !== undefined) timeline.exitNow(1)
  }
  process.on(event, listener)
  registry.listeners.set(event, () => void process.removeListener(event, listener))
}

/** Somebody else who listens to a stop signal may end the process early. Said once. */
export function warnOfForeignListeners(registry: Registry, log: Logger): void {
  if (registry.warned) return
  const ours = registry.listeners.has('SIGTERM') ? 1 : 0
  const { expected = [] } = registry
  const listeners = process.listeners('SIGTERM').filter((listener) => !expected.some((is) => is(listener)))
  const others = listeners.length - ours
  if (others <= 0) return
  registry.warned = true
  log.warn(
    { listeners: others },
    'something else listens to SIGTERM: if it exits the process, requests in flight are lost',
  )
}

/** What is to be done when the process is told to stop, whichever way: begin, and later perhaps exit. */
export function heard(registry: Registry, signal: string, log: Logger): () => void {
  let firstAt: number | undefined
  return () => {
    const now = systemClock.now()
    firstAt ??= now
    const { timeline } = registry
    if (!timeline) {
      beginTimeline(
        registry,
        { reason: signal, kind: isCtrlC(signal) ? 'interrupt' : 'signal' },
        systemClock,
        log,
      )
    } else if (timeline.exitCode !== undefined) {
      timeline.exitNow(timeline.exitCode)
    } else if (signal === 'SIGINT' && now - firstAt >= secondInterruptMs) {
      log.warn({ signal }, 'second SIGINT: exiting at once')
      timeline.exitNow(130)
    } else {
      timeline.signalled(signal)
    }
  }
}

function isCtrlC(signal: string): boolean {
  return signal === 'SIGINT' && isatty(0) && !recognisePlatform(process.env, process.pid)
}
