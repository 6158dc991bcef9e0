import { Agent, request } from 'node:http'
import type { RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Target } from '../target.js'
import { composeHeaders } from './message.js'
import type { Message } from './message.js'
import { drainBody } from './read-body.js'
import type { Outcome } from './tally.js'
import { watchSocket } from './watch-socket.js'

export interface Answer {
  readonly outcome: Outcome
  readonly status: number | undefined
  /** The server said `Connection: close`. */
  readonly told: boolean
  /** It was the first request on its connection. */
  readonly fresh?: boolean
}

/** One keep-alive connection that never retries: what was written and not answered in full is lost. */
export interface Connection {
  readonly target: Target
  /** Whether another request may be sent: not after an end, an error or `Connection: close`. */
  isOpen(): boolean
  send(message: Message): Promise<Answer>
  close(): void
}

export interface ConnectionOptions {
  /** How long the server may send nothing before a request has timed out. @default 10000 */
  readonly silenceMs?: number | undefined
  /** The socket has been connected, or closed after that. */
  readonly onChange?: ((isOpen: boolean) => void) | undefined
}

/** Prepares a connection; the socket itself is opened by the first request. */
export function openConnection(target: Target, options: ConnectionOptions = {}): Connection {
  const { silenceMs = 10_000, onChange } = options
  // node:http never sends a request a second time; one agent with one socket makes it one connection.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const via = { agent, host: target.host, port: target.port, timeout: silenceMs }
  let socket: Socket | undefined
  let last = false
  return {
    target,
    isOpen: () => !last && (socket === undefined || socket.readyState === 'open'),
    async send(message) {
      const fresh = socket === undefined
      const { answer, keepsAlive } = await exchange(via, message, (used) => {
        if (onChange && used !== socket) watchSocket(used, onChange)
        socket = used
      })
      last ||= !keepsAlive
      return { ...answer, fresh }
    },
    close: () => agent.destroy(),
  }
}

interface Exchanged {
  readonly answer: Answer
  /** The connection takes another request. */
  readonly keepsAlive: boolean
}

function exchange(
  via: RequestOptions,
  message: Message,
  onSocket: (socket: Socket) => void,
): Promise<Exchanged> {
  const { method, path, body, read = drainBody } = message
  return new Promise((resolve) => {
    let silent = false
    let answering = false
    const sent = request({ ...via, method, path, headers: composeHeaders(message) })
    const fail = (outcome: Outcome): void => {
      resolve({ answer: { outcome, status: undefined, told: false }, keepsAlive: false })
    }
    sent.on('socket', onSocket)
    sent.on('timeout', () => {
      silent = true
      sent.destroy()
    })
    sent.on('error', (error) => {
      // A reset in the middle of a body is reported here too, but it is the reader that knows how far it got.
      if (!answering) fail(silent ? 'timedOut' : brokenBy(error))
    })
    sent.on('response', (response) => {
      answering = true
      const status = response.statusCode ?? 0
      const { connection = '' } = response.headers
      const told = /\bclose\b/i.test(connection)
      // HTTP/1.0 closes unless it says otherwise.
      const keepsAlive = response.httpVersion === '1.0' ? /\bkeep-alive\b/i.test(connection) : !told
      const settle = (outcome: Outcome): void => resolve({ answer: { outcome, status, told }, keepsAlive })
      read(response).then(
        (intact) => settle(intact ? judge(status) : 'truncated'),
        () => settle(silent ? 'timedOut' : 'truncated'),
      )
    })
    sent.end(body)
  })
}

function judge(status: number): Outcome {
  if (status >= 200 && status < 300) return 'ok'
  return status >= 500 ? 'serverError' : 'other'
}

function brokenBy(error: NodeJS.ErrnoException): Outcome {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'refused'
    case 'ECONNRESET': // node:http also reports a socket that ended without an answer ("socket hang up") like this
    case 'EPIPE':
      return 'reset'
    case 'ETIMEDOUT':
      return 'timedOut'
    default:
      return 'other'
  }
}
