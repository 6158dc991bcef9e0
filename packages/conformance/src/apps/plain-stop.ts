import type { EventEmitter } from 'node:events'
import type { ServerHttp2Session } from 'node:http2'
import type { Server } from 'node:net'
import { closeParticipant, settings } from './settings.js'

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

/** The close of a framework that has none but the server's. */
export function closePlainly(server: Server): Promise<void> {
  return new Promise((resolve) =>
    server.close(() => {
      if (settings.participant) void closeParticipant()
      resolve()
    }),
  )
}
