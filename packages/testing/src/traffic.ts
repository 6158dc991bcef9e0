import { setTimeout as delay } from 'node:timers/promises'
import type { Program } from './start-program.js'
import { connect, type Address, type Client } from './strict-client.js'

export interface Tally {
  answered: number
  /** Turned away at the door, before anything was sent: a balancer goes to the next instance. */
  refused: number
  /** What a user would see: an error status, a reset, a truncated answer. */
  readonly lost: string[]
}

/**
 * Clients that send GET and POST by turns, with 0 to 20 ms between an answer and the next request, until nobody listens
 * any more. A connection that was refused was never written to, so nothing is lost with it. Settles when each of them has
 * been answered once.
 */
export async function startTraffic(
  address: Address,
  path: string,
): Promise<{ readonly end: Promise<Tally> }> {
  const tally: Tally = { answered: 0, refused: 0, lost: [] }
  const clients = Array.from({ length: clientCount }, () => connect(address))
  await Promise.all(clients.map((client) => client.send('GET', path)))
  const busy = clients.map((client, index) => keepBusy(client, index, path, tally))
  return { end: Promise.all(busy).then(() => tally) }
}

export const clientCount = 30

async function keepBusy(client: Client, index: number, path: string, tally: Tally): Promise<void> {
  for (let turn = index; ; turn += 1) {
    try {
      const { status, body } = await (turn % 2 === 0
        ? client.send('GET', path)
        : client.send('POST', path, { turn }))
      if (status !== 200) throw new Error(`${status} ${body}`)
      tally.answered += 1
    } catch (error) {
      client.destroy()
      if ((error as { syscall?: string }).syscall === 'connect') tally.refused += 1
      else tally.lost.push(String(error))
      return
    }
    await delay((turn * 7) % 21)
  }
}

/** Traffic to '/orders', and a SIGTERM in the middle of it. */
export async function stopUnderTraffic(program: Program, address: Address): Promise<Tally> {
  const traffic = await startTraffic(address, '/orders')
  program.signal('SIGTERM')
  return traffic.end
}
