import type { ReadBody } from './read-body.js'

export type RequestHeaders = Readonly<Record<string, string>>

/** One request that a client sends. */
export interface Message {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string | Buffer | undefined
  /** Added to those that every request has. */
  readonly headers?: RequestHeaders | undefined
  /** The id that the body carries, when it must be found in a database afterwards. */
  readonly id?: string
  /** How the body is received. @default drained and thrown away */
  readonly read?: ReadBody
}

/** What a request says of itself, and what the user wants it to say. */
export function composeHeaders({ body, headers }: Message): Record<string, string | number> {
  if (body === undefined) return { ...headers }
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...lower(headers) }
}

function lower(headers: RequestHeaders = {}): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
