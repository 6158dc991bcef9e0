import { setImmediate } from 'node:timers/promises'
import { pause } from '../interruption/pause.js'
import type { Target } from '../target.js'
import { openConnection } from './connection.js'
import type { Answer, Connection } from './connection.js'
import type { ClientGroup } from './crowd.js'
import type { Message } from './message.js'
import { between } from './random.js'
import type { Random } from './random.js'

/** One request as its client saw it. Times are `performance.now()`. */
export interface Exchange extends Answer {
  readonly target: Target
  readonly method: 'GET' | 'POST'
  readonly startedAt: number
  readonly endedAt: number
}

/** A connection to a target has been opened, or closed. */
export type OnConnection = (target: Target, isOpen: boolean) => void

export interface ClientOptions {
  readonly group: ClientGroup
  readonly random: Random
  /** What to send next. */
  readonly compose: () => Message
  /** Which target a new connection goes to; undefined: there is none to be had. */
  readonly choose: () => Target | undefined
  /** Whether a connection that was refused is opened elsewhere, instead of counting as lost. */
  readonly triesElsewhere?: ((refused: Target) => boolean) | undefined
  readonly isReady: (target: Target) => boolean
  readonly onExchange: (exchange: Exchange, message: Message) => void
  readonly onConnection?: OnConnection | undefined
  readonly signal: AbortSignal
}

/** Before somebody is looked for again who takes a new connection. */
const waitMs = 20

/** Sends one request after another until the signal fires; the last one is finished first. */
export async function runClient(options: ClientOptions): Promise<void> {
  const { group, random, signal } = options
  let connection: Connection | undefined
  await pause(random() * group.thinkMs[1], signal)
  while (!signal.aborted) {
    // A client learns that its connection was closed when that arrives, not when its loop gets around to reading it:
    // after one poll of the loop every end that has arrived is known. What is written from here on is strict.
    await setImmediate()
    if (connection === undefined || !mayKeep(connection, options)) {
      connection?.close()
      const target = options.choose()
      connection = target && connect(target, options)
    }
    if (connection === undefined) {
      await pause(waitMs, signal)
      continue
    }
    const message = options.compose()
    const startedAt = performance.now()
    const answer = await connection.send(message)
    const endedAt = performance.now()
    if (answer.outcome === 'refused' && options.triesElsewhere?.(connection.target)) {
      await pause(waitMs, signal)
      continue
    }
    const { method } = message
    options.onExchange({ ...answer, target: connection.target, method, startedAt, endedAt }, message)
    await pause(between(random, group.thinkMs), signal)
  }
  connection?.close()
}

function connect(target: Target, { onConnection }: ClientOptions): Connection {
  return openConnection(target, { onChange: onConnection && ((isOpen) => onConnection(target, isOpen)) })
}

function mayKeep(connection: Connection, { group, isReady }: ClientOptions): boolean {
  switch (group.keeps) {
    case 'one-request':
      return false
    case 'while-ready':
      return connection.isOpen() && isReady(connection.target)
    case 'until-closed':
      return connection.isOpen()
    default:
      return group.keeps satisfies never
  }
}
