import { once } from 'node:events'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

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
