/**
 * Runs the hooks of every app in this process that has called `enableShutdownHooks`, as its signal would. An app that is closing
 * already takes no notice. Returns whether there was one.
 */
export function runHooks(signals: readonly NodeJS.Signals[]): boolean {
  for (const signal of signals) {
    const handlers = process.listeners(signal).filter(isNestListener)
    for (const handle of handlers) handle(signal)
    if (handlers.length > 0) return true
  }
  return false
}

/** A listener that `enableShutdownHooks` has added. Nest keeps them to itself; their name and what they remember are the same in 10, 11 and 12. */
export const isNestListener = (listener: (...args: never[]) => unknown): boolean =>
  listener.name === 'cleanup' && String(listener).includes('receivedSignal')
