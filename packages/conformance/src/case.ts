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
  /** Why a plain close holds as well, where it does. */
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
