import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { createResponseParser, type RawResponse } from './response-parser.js'

export interface RequestText {
  /** @default POST with a body, else GET */
  readonly method?: string
  /** Sent with its length in the headers. */
  readonly body?: string
  readonly headers?: readonly string[]
}

/** One connection that hides nothing: no retry, no pool, and the client sees whether it ended with a FIN or a reset. */
export interface RawClient {
  readonly socket: Socket
  /** Writes a whole request. */
  send(path: string, request?: RequestText): void
  /** Writes a piece of a request. What is asked for has to be said once: the method decides about the response's framing. */
  write(piece: string, method?: string): void
  /** The next whole response, in order. Rejects, saying what came instead, when the connection ends before it. */
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

export const requestText = (path: string, { method, body, headers = [] }: RequestText = {}): string =>
  [
    `${method ?? (body === undefined ? 'GET' : 'POST')} ${path} HTTP/1.1`,
    'Host: localhost',
    ...(body === undefined ? [] : [`Content-Length: ${body.length}`]),
    ...headers,
    '',
    body ?? '',
  ].join('\r\n')

/** Settles when the connection stands, with TLS when its handshake is over; rejects when it was refused or broke. */
export async function connectRaw({ port, tls = false, early = false }: ConnectOptions): Promise<RawClient> {
  // the client keeps its side open, as one that has more to send would
  const where = { port, host: '127.0.0.1', allowHalfOpen: true, rejectUnauthorized: false }
  const socket: Socket = tls ? connectSecurely(where) : connect(where)
  const client = watch(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once(tls && !early ? 'secureConnect' : 'connect', resolve).once('error', reject)
    socket.once('close', () => reject(new Error('closed before the connection stood')))
  })
  return client
}

function watch(socket: Socket): RawClient {
  const arrived: RawResponse[] = []
  const waiting: { resolve: (response: RawResponse) => void; reject: (error: Error) => void }[] = []
  const parser = createResponseParser((response) => {
    const first = waiting.shift()
    if (first) first.resolve(response)
    else arrived.push(response)
  })
  let ending: Ending | undefined
  let received = 0
  let settle: (ending: Ending) => void = () => {}
  const over = new Promise<Ending>((resolve) => (settle = resolve))
  const failure = (): Error => new Error(`${ending} after ${received} bytes`)
  const end = (how: Ending): void => {
    ending ??= how
    settle(ending)
    for (const { reject } of waiting.splice(0)) reject(failure())
  }
  socket.on('data', (chunk) => {
    received += chunk.length
    try {
      parser.push(chunk)
    } catch (error) {
      // what comes from here on means nothing
      for (const { reject } of waiting.splice(0)) reject(error as Error)
      socket.destroy()
    }
  })
  socket.once('end', () => {
    parser.end()
    end(parser.within ? 'truncated' : 'FIN')
    // whoever has been told does not stay
    socket.end()
  })
  socket.once('error', () => end('reset'))
  socket.once('close', () => end('reset'))

  const client: RawClient = {
    socket,
    send(path, request = {}) {
      client.write(requestText(path, request), request.method ?? 'GET')
    },
    write(piece, method) {
      if (method !== undefined) parser.expect(method)
      socket.write(piece)
    },
    next: () =>
      new Promise((resolve, reject) => {
        const first = arrived.shift()
        if (first) resolve(first)
        else if (ending === undefined) waiting.push({ resolve, reject })
        else reject(failure())
      }),
    ask(path, request) {
      client.send(path, request)
      return client.next()
    },
    over,
    get isOpen() {
      return ending === undefined
    },
  }
  return client
}
