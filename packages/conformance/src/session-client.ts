import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { connectSocket, type ConnectOptions, type Ending, type RequestText } from '@lastcall/testing'
import type { Client } from './client.js'
import type { RawResponse } from './response-parser.js'

/** Node's own client, as an app would use it: one that is told by GOAWAY asks for nothing more. */
export async function connectSession(options: ConnectOptions): Promise<Client> {
  const { tls, early } = options
  const { socket, stands } = connectSocket(options, { ALPNProtocols: ['h2'] })
  let ending: Ending = 'FIN'
  // Node hides the reset of a session that was told to go
  socket.on('error', () => (ending = 'reset'))
  await stands
  const session = connect(`${tls ? 'https' : 'http'}://localhost`, { createConnection: () => socket })
  session.on('error', () => {})
  const over = new Promise<Ending>((resolve) => session.once('close', () => resolve(ending)))
  // the server has said hello, as it has after a handshake of TLS
  if (!early)
    await new Promise<void>((resolve, reject) => {
      session.once('remoteSettings', () => resolve())
      void over.then((how) => reject(new Error(`${how} before the session stood`)))
    })

  const exchanges: Exchange[] = []
  const begin = (path: string, request: RequestText, endStream: boolean): ClientHttp2Stream => {
    const exchange = exchangeOn(session, path, request, endStream)
    exchanges.push(exchange)
    void exchange.response.catch(() => {
      if (exchange.begun) ending = 'truncated'
    })
    return exchange.stream
  }

  const client: Client = {
    version: 2,
    socket,
    send(path, request = {}) {
      const { body } = request
      const stream = begin(path, request, body === undefined)
      if (body !== undefined) stream.end(body)
    },
    upload(path, length) {
      const stream = begin(path, { method: 'POST' }, false)
      let left = length
      return (piece) => {
        left -= piece.length
        if (left > 0) stream.write(piece)
        else stream.end(piece)
      }
    },
    async begun() {
      const [first] = exchanges
      if (first && !first.begun) await new Promise((resolve) => first.stream.once('data', resolve))
    },
    async next() {
      const first = exchanges.shift()
      if (!first) throw new Error('nothing was asked')
      return first.response
    },
    async ask(path, request) {
      client.send(path, request)
      return client.next()
    },
    over,
    get isOpen() {
      return !session.closed && !session.destroyed
    },
  }
  return client
}

interface Exchange {
  readonly stream: ClientHttp2Stream
  readonly begun: boolean
  readonly response: Promise<RawResponse>
}

/** REFUSED_STREAM: nothing was done about it, and it may be asked again (RFC 9113, section 8.7). */
const refused = 7

function exchangeOn(
  session: ClientHttp2Session,
  path: string,
  { method, body, headers = [] }: RequestText,
  endStream: boolean,
): Exchange {
  const fields = headers.map((line) => line.split(': '))
  const head = { ':path': path, ':method': method ?? (body === undefined ? 'GET' : 'POST') }
  const stream = session.request({ ...Object.fromEntries(fields), ...head }, { endStream })
  let answer: Omit<RawResponse, 'body'> | undefined
  let text = ''
  stream.setEncoding('utf8')
  stream.on('response', ({ ':status': status = 0, ...rest }) => {
    answer = { status, headers: rest as Record<string, string> }
  })
  stream.on('data', (chunk: string) => (text += chunk))
  stream.on('error', () => {})
  const response = new Promise<RawResponse>((resolve, reject) => {
    stream.once('close', () => {
      const code = stream.rstCode ?? 0
      if (answer && code === 0) return resolve({ ...answer, body: text })
      const how = code === refused ? 'refused' : answer ? 'truncated' : 'reset'
      reject(new Error(`${how} after ${text.length} bytes`))
    })
  })
  return {
    stream,
    get begun() {
      return answer !== undefined
    },
    response,
  }
}
