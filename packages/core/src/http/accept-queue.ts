import { Server as NetServer } from 'node:net'
import type { Clock } from '../clock.js'

/**
 * Stops listening without resetting anybody. Connections whose handshake the kernel has finished wait in its accept
 * queue, and closing the listener resets them: they are accepted first, until a whole turn of the loop brings no new one.
 * Settles with false when that had to be given up after `maxMs`.
 */
export async function closeListener(
  server: NetServer,
  { clock, accepted, maxMs }: { clock: Clock; accepted: () => number; maxMs: number },
): Promise<boolean> {
  const giveUpAt = clock.now() + maxMs
  let emptied = true
  // libuv may accept only one connection per turn: the first turn may be half over
  await turn(clock)
  for (let before = -1; server.listening && before !== accepted();) {
    if (clock.now() >= giveUpAt) {
      emptied = false
      break
    }
    before = accepted()
    await turn(clock)
  }
  // http.Server's own close() destroys connections whose responses are ended and not flushed yet
  if (server.listening) NetServer.prototype.close.call(server)
  return emptied
}

const turn = (clock: Clock): Promise<void> => new Promise((resolve) => clock.turn(resolve))
