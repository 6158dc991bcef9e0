import type { Socket } from 'node:net'
import type { Ending, RequestText } from '@lastcall/testing'
import type { RawResponse } from './response-parser.js'

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
