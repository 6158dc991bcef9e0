import type { EventEmitter } from 'node:events'
import type { ServerHttp2Session } from 'node:http2'
import { settings } from './settings.js'

/**
 * The controls: no Last Call. Returns what begins the shutdown from inside.
 * `close` is the framework's own, and settles when it is done.
 */
export function stopPlainly(server: EventEmitter, close: () => Promise<unknown>): () => void {
  const sessions: ServerHttp2Session[] = []
  server.on('session', (session: ServerHttp2Session) => void sessions.push(session))
  const stop = (): void => {
    if (settings.control === 'exit') process.exit(0)
    if (settings.control === 'goaway') for (const session of sessions) session.close()
    // what most tutorials do
    void close().then(() => process.exit(0))
    console.log('closing')
  }
  if (settings.control !== 'nothing') process.on('SIGTERM', stop).on('SIGINT', stop)
  return stop
}
