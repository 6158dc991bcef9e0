import {
  connect,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createShutdown, type Report, type Shutdown, type ShutdownOptions } from '@lastcall/core'
import { drainServer, type DrainServerOptions } from '@lastcall/core/http'
import type { FrameClient, FramesOptions } from '@lastcall/testing'
import type { Test } from 'tap'
import { internalsOf } from '#src/internals.js'
import { frames } from './frames.js'

type SessionServer = Http2Server | Http2SecureServer

const warnings: string[] = []
process.on('warning', ({ message }) => void warnings.push(message))

export interface ServedSessions {
  readonly server: SessionServer
  readonly shutdown: Shutdown
  readonly port: number
  readonly undo: () => void
  /** Of the whole process. */
  readonly warnings: readonly string[]
  /** Those of the server. */
  readonly sessions: readonly ServerHttp2Session[]
  /** A client of Node's. */
  connect(): Promise<ClientHttp2Session>
  frames(options?: Partial<FramesOptions>): Promise<FrameClient>
  /** The app is closed by its own code: draining at once. */
  close(): Promise<Report>
  phase(name: Shutdown['phase']): Promise<void>
}

export interface ServeSessionsOptions {
  readonly options?: ShutdownOptions
  readonly drain?: DrainServerOptions
  readonly server?: SessionServer
  readonly request?: (req: Http2ServerRequest, res: Http2ServerResponse) => void
  readonly stream?: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void
}

/** A drained HTTP/2 server in this very process, on a port of its own, that no signal reaches. */
export async function serveSessions(t: Test, given: ServeSessionsOptions = {}): Promise<ServedSessions> {
  const { server = createServer(), drain, options, request, stream } = given
  const shutdown = createShutdown({
    gracePeriodMs: 10_000,
    signals: false,
    crashes: false,
    exit: false,
    logger: { info() {}, warn() {}, error() {} },
    ...options,
  })
  const sessions: ServerHttp2Session[] = []
  server.on('session', (session) => void sessions.push(session))
  if (request) server.on('request', request)
  if (stream) server.on('stream', stream)
  const undo = drainServer(server, shutdown, drain)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const tls = 'setSecureContext' in server
  const close = (): Promise<Report> => internalsOf(shutdown).close('closed by the test')
  const clients: ClientHttp2Session[] = []
  t.teardown(async () => {
    for (const client of clients) client.destroy()
    await close()
  })
  return {
    server,
    shutdown,
    port,
    undo,
    warnings,
    sessions,
    async connect() {
      const client = await connectSession(port, tls)
      clients.push(client)
      return client
    },
    frames: (how) => frames(t, { port, tls, ...how }),
    close,
    phase: (name) =>
      new Promise((resolve) => {
        if (shutdown.phase === name) resolve()
        shutdown.subscribe((phase) => void (phase === name && resolve()))
      }),
  }
}

/** Settles when the server has said hello. */
export async function connectSession(port: number, tls = false): Promise<ClientHttp2Session> {
  const client = connect(`${tls ? 'https' : 'http'}://127.0.0.1:${port}`, { rejectUnauthorized: false })
  client.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    client.once('remoteSettings', () => resolve()).once('error', reject)
  })
  return client
}

export interface Answer {
  /** 0: none came. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** How the stream ended: 0 is well, 7 is REFUSED_STREAM (RFC 9113, section 7). */
  readonly code: number
}

/** Asks once, and says what came back, whatever it is. */
export function ask(
  client: ClientHttp2Session,
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: string } = {},
): { readonly stream: ClientHttp2Stream; readonly answer: Promise<Answer> } {
  const stream = client.request({ ':path': path, ':method': method }, { endStream: body === undefined })
  let headers: IncomingHttpHeaders & IncomingHttpStatusHeader = {}
  let text = ''
  stream.setEncoding('utf8')
  stream.on('response', (given) => (headers = given))
  stream.on('data', (chunk: string) => (text += chunk))
  stream.on('error', () => {})
  const answer = new Promise<Answer>((resolve) => {
    stream.once('close', () =>
      resolve({ status: headers[':status'] ?? 0, headers, body: text, code: stream.rstCode ?? 0 }),
    )
  })
  if (body !== undefined) stream.end(body)
  return { stream, answer }
}

/** Streams that a handler has in hand: the test says when each is answered. */
export function streamsInHand(): {
  readonly request: NonNullable<ServeSessionsOptions['request']>
  readonly stream: NonNullable<ServeSessionsOptions['stream']>
  nextResponse(): Promise<Http2ServerResponse>
  nextStream(): Promise<ServerHttp2Stream>
  readonly count: number
} {
  const responses = createQueue<Http2ServerResponse>()
  const streams = createQueue<ServerHttp2Stream>()
  let count = 0
  return {
    request(_req, res) {
      count += 1
      responses.put(res)
    },
    stream(stream) {
      count += 1
      streams.put(stream)
    },
    nextResponse: responses.take,
    nextStream: streams.take,
    get count() {
      return count
    },
  }
}

function createQueue<T>(): { put(item: T): void; take(): Promise<T> } {
  const items: T[] = []
  const waiting: ((item: T) => void)[] = []
  return {
    put(item) {
      const wanted = waiting.shift()
      if (wanted) wanted(item)
      else items.push(item)
    },
    take: () =>
      new Promise((resolve) => {
        const item = items.shift()
        if (item === undefined) waiting.push(resolve)
        else resolve(item)
      }),
  }
}
