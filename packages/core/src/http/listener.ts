import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import type { Logger } from '../logger.js'
import type { Shutdown } from '../shutdown.js'
import { closeListener } from './accept-queue.js'
import { createHandshakes, type Handshakes } from './handshakes.js'
import type { DrainableServer } from './servers.js'

/** The accept queue may take this long to empty: 200 TLS handshakes need seconds on a busy machine (measured). */
const acceptQueueMs = 5_000

/** How clients get in. One for a server, whatever its clients speak. */
export interface Listener {
  readonly handshakes: Handshakes
  /** The accept queue never ran empty. */
  readonly gaveUpAccepting: boolean
  /** Settles when nobody new can connect, in the time that the first call gives; never rejects. */
  close(maxMs?: number): Promise<void>
  untrack(): void
}

export function trackListener(
  server: DrainableServer,
  { clock, log, shutdown }: { clock: Clock; log: Logger; shutdown: Shutdown },
): Listener {
  const handshakes = createHandshakes(clock)
  const isTls = 'setSecureContext' in server
  let accepted = 0
  let gaveUpAccepting = false
  let closed: Promise<void> | undefined

  const onAccept = (socket: Socket): void => {
    accepted += 1
    if (isTls) handshakes.begin(socket)
  }
  const close = async (maxMs: number): Promise<void> => {
    gaveUpAccepting = !(await closeListener(server, { clock, accepted: () => accepted, maxMs }))
    if (gaveUpAccepting)
      log.warn({ maxMs }, 'the accept queue did not run empty: connections in it may have been reset')
  }

  /** One that begins to listen in the middle of a shutdown, since it is told so late or looks up a name first. */
  const onListening = (): void => {
    // never rejects
    if (closed && shutdown.phase !== 'stopped') void close(acceptQueueMs)
  }

  server.on('listening', onListening)
  server.on('connection', onAccept)
  if (isTls) server.on('secureConnection', handshakes.end)
  return {
    handshakes,
    get gaveUpAccepting() {
      return gaveUpAccepting
    },
    close: (maxMs = acceptQueueMs) => (closed ??= close(Math.min(acceptQueueMs, maxMs))),
    untrack() {
      server.off('listening', onListening)
      server.off('connection', onAccept)
      server.off('secureConnection', handshakes.end)
    },
  }
}
