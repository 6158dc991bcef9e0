import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { createConnection, type Socket } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

export interface Address {
  readonly port: number
  readonly host?: string
  readonly secure?: boolean
}

export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

/** One keep-alive connection at a time, no retries: what was sent and not answered in full is an error. */
export interface Client {
  send(method: string, path: string, body?: unknown): Promise<Answer>
  /** Waits for the end of the connection it has open, which must come from the other side. */
  closed(): Promise<void>
  destroy(): void
}

export function connect({ port, host = '127.0.0.1', secure = false }: Address): Client {
  const options = { keepAlive: true, maxSockets: 1 }
  const agent = secure ? new HttpsAgent({ ...options, rejectUnauthorized: false }) : new HttpAgent(options)
  const request = secure ? httpsRequest : httpRequest
  let socket: Socket | undefined
  return {
    async send(method, path, body) {
      const content = body === undefined ? undefined : JSON.stringify(body)
      const headers = content === undefined ? {} : { 'content-type': 'application/json' }
      const sent = request({ agent, host, port, method, path, headers })
      sent.once('socket', (used) => (socket = used))
      sent.end(content)
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      const received = await buffer(response)
      return { status: response.statusCode ?? 0, body: received.toString(), headers: response.headers }
    },
    async closed() {
      // an agent lets go of the loop while a socket is idle
      if (socket && !socket.destroyed) await once(socket.ref(), 'close')
    },
    destroy: () => agent.destroy(),
  }
}

/** Sends one request on a connection of its own. */
export async function ask(address: Address, path: string, method = 'GET'): Promise<Answer> {
  const client = connect(address)
  try {
    return await client.send(method, path)
  } finally {
    client.destroy()
  }
}

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

/** A connection that is written to by hand, and everything it has received by its end. */
export async function openSocket(port: number): Promise<{ socket: Socket; received: Promise<string> }> {
  const socket = createConnection({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const received = text(socket)
  // a test that destroys the socket does not read it to its end
  received.catch(() => {})
  return { socket, received }
}

/** Settles when a server of this process has read the headers of a request, whoever answers it. */
export const requestArrived = (): Promise<void> =>
  new Promise((resolve) => {
    const name = 'http.server.request.start'
    const arrived = (): void => {
      unsubscribe(name, arrived)
      resolve()
    }
    subscribe(name, arrived)
  })
