import type { Server } from 'node:http'
import type { Clock } from '../clock.js'

/**
 * Stops listening without resetting anybody. Connections whose handshake the kernel has finished wait in its accept
 * queue, and closing the listener resets them: they are accepted first, until a whole turn of the loop brings no new one.
 * Settles with false when that had to be given up after `maxMs`.
 */
export async function closeListener(
  server: Server,
  { clock, accepted, maxMs }: { clock: Clock; accepted: () => number; maxMs: number },
): Promise<boolean> {
  const giveUpAt = clock.now() + maxMs
  let before = -1
  // the turn in progress may be half over, and libuv may accept only one connection in each
  await turn(clock)
  while (server.listening && before !== accepted() && clock.now() < giveUpAt) {
    before = accepted()
    await turn(clock)
  }
  const emptied = !server.listening || before === accepted()
  // the prototype's: somebody may have put one on the instance that does more than stop listening
  const { close } = Object.getPrototypeOf(server) as Server
  if (server.listening) close.call(server)
  return emptied
}

const turn = (clock: Clock): Promise<void> => new Promise((resolve) => clock.turn(resolve))
