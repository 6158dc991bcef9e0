import type { App, Wanted } from './app.js'
import type { ControlKind, Feature, Protocol } from './subject.js'

/** One thing that has to hold, seen from outside. */
export interface Case {
  /** A sentence about behaviour. */
  readonly name: string
  readonly protocols: readonly Protocol[]
  readonly needs?: Feature
  /** It measures times: nothing else may run in this process meanwhile. */
  readonly alone?: true
  /** Throws when it does not hold. */
  run(scene: Scene): Promise<void>
  readonly control: Control
}

/** What the same run shows without Last Call: it must throw, and for a reason that is known. */
export interface Control {
  /** @default 'close' */
  readonly kind?: ControlKind
  /** Why the control is another one than a plain close: that holds as well, or fails for a reason of its own. */
  readonly because?: string
  /** In words for the table what happens instead, each with what the run then throws. */
  readonly instead: Readonly<Record<string, RegExp>>
}

export interface Scene {
  readonly protocol: Protocol
  /** Starts the subject with the agreed routes. What was started is stopped when the run is over. */
  start(wanted?: Wanted): Promise<App>
  /** Says something beside the result. */
  comment(text: string): void
}

export const http1: readonly Protocol[] = ['http', 'https']
export const http2: readonly Protocol[] = ['http2', 'https2']
export const everyProtocol: readonly Protocol[] = [...http1, ...http2]
/** For what depends on the version of HTTP, but no more on TLS than HTTP/1.1 shows: each start of an app takes its time. */
export const eachVersion: readonly Protocol[] = [...http1, 'http2']
