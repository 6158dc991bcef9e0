/** What an app speaks, over TLS with an `s`: `http` is HTTP/1.1, `http2` is h2c, by prior knowledge. */
export type Protocol = 'http' | 'https' | 'http2' | 'https2'

export const isTls = (protocol: Protocol): boolean => protocol.startsWith('https')
export const isHttp2 = (protocol: Protocol): boolean => protocol.endsWith('2')

/** What only some apps have, and cases ask for. */
export type Feature = 'event-streams' | 'websockets'

/** An app that answers the agreed routes: see the README. */
export interface Subject {
  /** As in the table: the adapter's or the framework's name. */
  readonly name: string
  readonly protocols: readonly Protocol[]
  readonly features?: readonly Feature[]
  /** A program and its arguments. It is started directly: a shell or a package manager in front keeps signals away. */
  readonly command: readonly [string, ...string[]]
  /** Added to the environment, which is empty but for PATH and what the README names. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * How a control stops, instead of by Last Call. `close`: the framework's own close on SIGTERM, then an exit, as tutorials
 * have it. `exit`: at once. `nothing`: nobody listens to the signal. `goaway`: as `close`, after one GOAWAY
 * to each session, as the close of Node 24 does it.
 */
export type ControlKind = 'close' | 'exit' | 'nothing' | 'goaway'
