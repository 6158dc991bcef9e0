import type { Socket } from 'node:net'
import { connectSocket, requestText, type RequestText } from '@lastcall/testing'

export interface RawResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One connection that hides nothing: no retry, no pool, and the client sees whether it ended with a FIN or a reset. */
export interface RawClient {
  readonly socket: Socket
  /** Everything that came so far. */
  readonly text: string
  /** Writes a request. */
  send(path: string, request?: RequestText): void
  /** The next whole response, in order. Rejects, saying what came instead, when the connection ends before it. */
  next(): Promise<RawResponse>
  /** How the server ended the connection: the first it did. */
  readonly over: Promise<'FIN' | 'reset'>
  /** The connection is gone on both sides; the code of the error if there was one. */
  readonly gone: Promise<string | undefined>
}

export interface ConnectOptions {
  readonly tls?: boolean
  /** Keeps the client's side open after the server has closed its own. */
  readonly allowHalfOpen?: boolean
  /** Of a unix socket, instead of the port. */
  readonly path?: string
  /** The server's address. */
  readonly host?: string
}

/** Settles when the connection stands; with TLS, when its handshake is over. */
export async function connectRaw(
  port: number,
  { tls = false, allowHalfOpen = false, path, host = '127.0.0.1' }: ConnectOptions = {},
): Promise<RawClient> {
  const more = { allowHalfOpen, ...(path === undefined ? { host } : { path }) }
  const { socket, stands } = connectSocket({ port, tls }, more)
  const client = watch(socket)
  await stands
  return client
}

function watch(socket: Socket): RawClient {
  let data = Buffer.alloc(0)
  let all = ''
  let end: string | undefined
  const waiting: { resolve: (response: RawResponse) => void; reject: (error: Error) => void }[] = []
  const look = (): void => {
    for (let parsed; waiting.length > 0 && (parsed = parse(data, end === 'FIN'));) {
      data = data.subarray(parsed.length)
      waiting.shift()?.resolve(parsed.response)
    }
    if (end === undefined) return
    for (const { reject } of waiting.splice(0))
      reject(new Error(`${end} after ${data.length} bytes of a response`))
  }
  socket.on('data', (chunk) => {
    all += chunk.toString('latin1')
    data = Buffer.concat([data, chunk])
    look()
  })
  const over = new Promise<'FIN' | 'reset'>((resolve) => {
    const settle = (how: 'FIN' | 'reset'): void => {
      end ??= how
      look()
      resolve(how)
    }
    socket.once('end', () => settle('FIN'))
    socket.once('error', () => settle('reset'))
  })
  let errorCode: string | undefined
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (errorCode = code))
  return {
    socket,
    get text() {
      return all
    },
    send: (path, request) => void socket.write(requestText(path, request)),
    next: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        look()
      }),
    over,
    gone: new Promise((resolve) => socket.once('close', () => resolve(errorCode))),
  }
}

/** The response at the beginning of the data, once it is whole, and its length. */
function parse(data: Buffer, ended: boolean): { response: RawResponse; length: number } | undefined {
  const headEnd = data.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const [statusLine = '', ...lines] = data.toString('latin1', 0, headEnd).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const start = headEnd + 4
  const length = headers['content-length']
  if (length !== undefined || status < 200) {
    const bodyEnd = start + Number(length ?? 0)
    if (data.length < bodyEnd) return undefined
    return { response: { status, headers, body: data.toString('latin1', start, bodyEnd) }, length: bodyEnd }
  }
  if (headers['transfer-encoding'] !== 'chunked') {
    if (!ended) return undefined
    return { response: { status, headers, body: data.toString('latin1', start) }, length: data.length }
  }
  const last = data.indexOf('0\r\n\r\n', start)
  if (last === -1) return undefined
  const body = data.toString('latin1', start, last).replace(/[0-9a-f]+\r\n([^\r]*)\r\n/g, '$1')
  return { response: { status, headers, body }, length: last + 5 }
}
