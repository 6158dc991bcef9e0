import type { Socket } from 'node:net'
import type { Report, ShutdownOptions } from '@lastcall/core'
import {
  connectFrames,
  createCertificate,
  startCommand,
  startRelay,
  type ConnectOptions,
  type FrameClient,
  type FramesOptions,
  type Output,
  type Relay,
  type RequestText,
} from '@lastcall/testing'
import type { Client } from './client.js'
import { connectRaw, type RawClient } from './raw-client.js'
import type { RawResponse } from './response-parser.js'
import { connectSession } from './session-client.js'
import { isHttp2, isTls, type ControlKind, type Protocol, type Subject } from './subject.js'

/** What a case wants of the app that it starts. */
export interface Wanted {
  /** After this the app is killed, as a platform does. @default 10 000 */
  readonly graceMs?: number
  readonly options?: Omit<ShutdownOptions, 'logger' | 'readiness' | 'onReport'>
  readonly participant?: 'hangs' | 'fails'
}

export type PhaseName = 'lame-duck' | 'last-call' | 'draining' | 'releasing' | 'stopped'

/** An app in a process of its own, as one sees it from outside. */
export interface App {
  readonly port: number
  readonly protocol: Protocol
  /** One connection, whatever the app speaks; rejects when it is refused. */
  client(options?: Partial<ConnectOptions>): Promise<Client>
  /** One of HTTP/1.1. */
  connect(options?: Omit<ConnectOptions, 'port'>): Promise<RawClient>
  /** One of HTTP/2. */
  frames(options?: Partial<FramesOptions>): Promise<FrameClient>
  /** A way to it that takes its time, or is held up. */
  relay(oneWayMs?: number): Promise<Relay>
  /** One request on a connection of its own. */
  ask(path: string, request?: RequestText): Promise<RawResponse>
  /** A connection with a request that a handler has in hand until `answer(id)`. */
  hold(id: string, path?: string, request?: RequestText): Promise<Client>
  /** Lets the handler of a held request go on. */
  answer(id: string): void
  /** A line on its standard input. */
  tell(command: string): void
  /** Settles with the first line of its output that contains the text, past or to come. */
  line(text: string): Promise<string>
  handled(path: string): boolean
  /** From the first one on the grace period runs. */
  signal(signal?: NodeJS.Signals): void
  /** The app begins by itself: the grace period runs from here. */
  begins(): void
  /** Its loop stands still, what is sent waits in the kernel. */
  freeze(): void
  thaw(): void
  /** Settles when the phase begins; in a control, which knows none, when it closes or is over. */
  phase(name: PhaseName): Promise<void>
  /** Rejects if it outlived its grace period. */
  ended(): Promise<Output>
  /** The only report that it wrote. */
  report(): Promise<Report>
  /** Everything it printed. */
  output(): string
  stop(): void
}

const certificate = createCertificate()

/** A machine that is busy delivers signals late, and output. */
const leewayMs = 1_000

/** Starts the subject; settles when it listens. */
export async function startApp(
  subject: Subject,
  { protocol, control }: { protocol: Protocol; control?: ControlKind | undefined },
  { graceMs = 10_000, ...wanted }: Wanted = {},
): Promise<App> {
  const program = startCommand(subject.command, {
    env: {
      ...subject.env,
      PORT: '0',
      LASTCALL_GRACE_PERIOD_MS: String(graceMs),
      CONFORMANCE: JSON.stringify({ protocol, control, tls: certificate, ...wanted }),
    },
  })
  const clients: { readonly socket: Socket }[] = []
  const relays: Relay[] = []
  const tls = isTls(protocol)
  let outlived = false
  let kill: NodeJS.Timeout | undefined

  const entries = (): LogEntry[] => program.lines().flatMap(parseEntry)
  // a framework may say so too, in its own words
  const listening = await program.line((candidate) => /^listening \d+$/.test(candidate), `'listening PORT'`)
  const port = Number(listening.split(' ')[1])

  const keep = async <T extends { readonly socket: Socket }>(connecting: Promise<T>): Promise<T> => {
    const client = await connecting
    clients.push(client)
    return client
  }

  const app: App = {
    port,
    protocol,
    client: (options) =>
      isHttp2(protocol) ? keep(connectSession({ port, tls, ...options })) : app.connect(options),
    connect: (options) => keep(connectRaw({ port, tls, ...options })),
    frames: (options) => keep(connectFrames({ port, tls, ...options })),
    async relay(oneWayMs) {
      const relay = await startRelay(port, oneWayMs)
      relays.push(relay)
      return relay
    },
    async ask(path, request) {
      const client = await app.client()
      const response = await client.ask(path, request)
      client.socket.destroy()
      return response
    },
    async hold(id, path = '/held', request) {
      const client = await app.client()
      client.send(`${path}?id=${id}`, request)
      await program.line(`${path}?id=${id}`)
      return client
    },
    answer: (id) => app.tell(`answer ${id}`),
    tell: program.tell,
    line: program.line,
    handled: (path) =>
      program.lines().some((candidate) => candidate.startsWith('handling') && candidate.includes(path)),
    signal(signal = 'SIGTERM') {
      app.begins()
      program.child.kill(signal)
    },
    begins() {
      kill ??= setTimeout(() => {
        outlived = true
        program.child.kill('SIGKILL')
      }, graceMs + leewayMs)
    },
    freeze: () => void program.child.kill('SIGSTOP'),
    thaw: () => void program.child.kill('SIGCONT'),
    async phase(name) {
      const isIt = (candidate: string): boolean => parseEntry(candidate).some(({ phase }) => phase === name)
      if (control === undefined) await program.line(isIt, `the phase ${name}`)
      else await Promise.race([program.line('closing'), program.ended])
    },
    async ended() {
      const ended = await program.ended
      if (outlived) throw new Error('it outlived its grace period')
      return ended
    },
    async report() {
      await app.ended()
      const reports = entries().flatMap(({ report }) => (report ? [report] : []))
      const [report] = reports
      if (!report || reports.length > 1) throw new Error(`it wrote ${reports.length} reports`)
      return report
    },
    output: () => program.lines().join('\n'),
    stop() {
      clearTimeout(kill)
      for (const { socket } of clients) socket.destroy()
      for (const relay of relays) relay.stop()
      program.child.kill('SIGKILL')
    },
  }
  void program.ended.then(() => clearTimeout(kill))
  return app
}

/** What Last Call logs, whoever writes it: one object in JSON per line. */
interface LogEntry {
  readonly phase?: unknown
  readonly report?: Report
}

function parseEntry(line: string): LogEntry[] {
  if (!line.startsWith('{')) return []
  return [JSON.parse(line) as LogEntry]
}
