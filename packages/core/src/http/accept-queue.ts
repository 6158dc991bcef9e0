import type { Server } from 'node:net'
import type { Clock } from '../clock.js'
import type { DrainableServer } from './servers.js'
import { rehearseClose, stopListening } from './stop-listening.js'

/** A turn of the loop in which nothing else happened, in ms. */
const shortMs = 0.02

/** Each empty turn makes one that is so many times as long good enough: 1 ms after 11 of them, 40 ms after 20. */
const easing = 1.5

/** A process that has just slept so many ms is not interrupted at once by others that want its processor. */
const restMs = 1

/** After this part of the time any empty turn will do: the rest is for those who are connected. */
const share = 1 / 4

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
  let wasEmpty = false
  let goodMs = shortMs
  rehearseClose()
  // the turn in progress may be half over, and libuv may accept only one connection in each
  await turn(clock)
  while (server.listening && !emptied && !isTooLong()) {
    const rested = wasEmpty
    if (rested) await rest(clock)
    const before = accepted()
    const startedAt = clock.now()
    await turn(clock)
    wasEmpty = before === accepted()
    if (!wasEmpty) continue
    // who connects after the turn has polled is reset: a short one is worth waiting for, though not for long
    const endedAt = clock.now()
    emptied = rested && (endedAt - startedAt <= goodMs || endedAt - beganAt >= share * maxMs)
    goodMs *= easing
  }
  // not one turn was empty
  const gaveUp = server.listening && goodMs === shortMs
  if (server.listening) stopListening(server)
  return !gaveUp
}

const turn = (clock: Clock): Promise<void> => new Promise((resolve) => clock.turn(resolve))

const rest = (clock: Clock): Promise<void> => new Promise((resolve) => clock.after(restMs, resolve, true))
