import { settings } from './settings.js'

/**
 * The controls: no Last Call. Returns what begins the shutdown from inside.
 * `close` is the framework's own, and settles when it is done.
 */
export function stopPlainly(close: () => Promise<unknown>): () => void {
  const stop = (): void => {
    if (settings.control === 'exit') process.exit(0)
    // what most tutorials do
    void close().then(() => process.exit(0))
    console.log('closing')
  }
  if (settings.control !== 'nothing') process.on('SIGTERM', stop).on('SIGINT', stop)
  return stop
}
