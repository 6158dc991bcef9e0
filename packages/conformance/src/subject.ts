/** What an app speaks; `http` and `https` are HTTP/1.1. */
export type Protocol = 'http' | 'https' | 'http2'

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
 * have it. `exit`: at once. `nothing`: nobody listens to the signal.
 */
export type ControlKind = 'close' | 'exit' | 'nothing'
