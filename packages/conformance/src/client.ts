import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { RawResponse } from './response-parser.js'

export interface RequestText {
  /** @default POST with a body, else GET */
  readonly method?: string
  /** Sent with its length in the headers. */
  readonly body?: string
  readonly headers?: readonly string[]
}

/** One connection, whatever it speaks: no retry, no pool. */
export interface Client {
  /** Of HTTP. */
  readonly version: 1 | 2
  readonly socket: Socket
  /** Sends a whole request. */
  send(path: string, request?: RequestText): void
  /** Sends a request without its body, and returns what sends a piece of that. */
  upload(path: string, length: number): (piece: string) => void
  /** Settles when something of the next response is here. */
  begun(): Promise<void>
  /** The next whole response, in order. Rejects, saying what came instead, when there is none. */
  next(): Promise<RawResponse>
  /** `send` and `next`. */
  ask(path: string, request?: RequestText): Promise<RawResponse>
  /** How the server ended the connection: the first it did. A FIN in the middle of a response is `truncated`. */
  readonly over: Promise<Ending>
  /** The server has not ended it, as far as the client can know. */
  readonly isOpen: boolean
}

export type Ending = 'FIN' | 'reset' | 'truncated'

export interface ConnectOptions {
  readonly port: number
  readonly tls?: boolean
  /** Settles as soon as the kernel has a connection; with TLS the handshake goes on by itself. */
  readonly early?: boolean
}

/** A socket, and when it stands. `more`: what Node would be given beside. */
export function connectSocket(
  { port, tls = false, early = false }: ConnectOptions,
  more: { readonly allowHalfOpen?: boolean; readonly ALPNProtocols?: string[] },
): { socket: Socket; stands: Promise<void> } {
  const where = { port, host: '127.0.0.1', rejectUnauthorized: false, ...more }
  const socket: Socket = tls ? connectSecurely(where) : connect(where)
  const stands = new Promise<void>((resolve, reject) => {
    socket.once(tls && !early ? 'secureConnect' : 'connect', () => resolve()).once('error', reject)
    socket.once('close', () => reject(new Error('closed before the connection stood')))
  })
  return { socket, stands }
}
