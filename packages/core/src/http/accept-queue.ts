import type { Server } from 'node:net'
import type { Clock } from '../clock.js'
import type { DrainableServer } from './servers.js'
import { stopListening } from './stop-listening.js'

/** A turn of the loop in which nearly nothing else happened, in ms. */
const shortMs = 0.2

/**
 * How many connections may wait: Node's default (Node docs, `server.listen()`, `backlog`). Whoever waited at the beginning
 * has been accepted when so many have.
 */
const backlog = 511

/** Those who have come since do not keep it open for longer than so many ms. */
const floodMs = 2_000

/**
 * @internal Stops listening without resetting anybody. Connections whose handshake the kernel has finished wait in its accept
 * queue, and closing the listener resets them: they are accepted first, until a whole turn of the loop brings no new one.
 * Settles with false when that had to be given up, after `maxMs` at the latest.
 */
export async function closeListener(
  server: DrainableServer | Server,
  { clock, accepted, maxMs }: { clock: Clock; accepted: () => number; maxMs: number },
): Promise<boolean> {
  const beganAt = clock.now()
  const acceptedBefore = accepted()
  const isTooLong = (): boolean => {
    const tookMs = clock.now() - beganAt
    return tookMs >= maxMs || (tookMs >= floodMs && accepted() - acceptedBefore > backlog)
  }
  let emptied = false
  let emptyTurns = 0
  // the turn in progress may be half over, and libuv may accept only one connection in each
  await turn(clock)
  while (server.listening && !emptied && !isTooLong()) {
    const before = accepted()
    const startedAt = clock.now()
    await turn(clock)
    if (before !== accepted()) continue
    emptyTurns += 1
    // who connects after the turn has polled is reset: a short one is worth waiting for, though not for long
    emptied = clock.now() - startedAt <= emptyTurns * shortMs
  }
  const gaveUp = server.listening && emptyTurns === 0
  if (server.listening) stopListening(server)
  return !gaveUp
}

const turn = (clock: Clock): Promise<void> => new Promise((resolve) => clock.turn(resolve))
