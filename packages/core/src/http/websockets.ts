import { systemClock } from '../clock.js'
import { badOption } from '../errors.js'
import type { Participant } from '../participants.js'
import { sayGoodbye, type WebSocketClient } from './websocket-goodbyes.js'

export interface CloseWebSocketsOptions {
  /**
   * What the close frame says: 1000–1003, 1007–1014, or 3000–4999 for a meaning of your own (RFC 6455, section 7.4).
   * @default 1012, "service restart"
   */
  readonly code?: number
  /** In words, at most 123 bytes. @default 'service restart' */
  readonly reason?: string
  /** A number from 0 to 1, like `Math.random`: spreads the close frames. */
  readonly random?: () => number
}

/**
 * A participant that closes the clients of a WebSocket server, each at a moment of its own: those of `ws`, of
 * `@fastify/websocket`, of a Nest gateway. It waits until they are closed, and cuts those that do not answer.
 * Takes the live set, or a function for one that does not exist yet. Throws `ERR_LASTCALL_OPTION`.
 * @example shutdown.register('websockets', closeWebSockets(wss.clients))
 */
export function closeWebSockets(
  clients: Iterable<WebSocketClient> | (() => Iterable<WebSocketClient>),
  options: CloseWebSocketsOptions = {},
): Participant {
  checkClients(clients)
  checkOptions(options)
  const { code = 1012, reason = 'service restart', random = Math.random } = options
  return sayGoodbye({
    clients: typeof clients === 'function' ? clients : () => clients,
    clock: systemClock,
    code,
    reason,
    random,
  })
}

function checkClients(clients: unknown): void {
  const given = clients as Partial<Iterable<unknown>> | undefined | null
  if (typeof clients === 'function' || typeof given?.[Symbol.iterator] === 'function') return
  throw badOption('clients', clients, 'an iterable of WebSockets, such as wss.clients, or a function')
}

function checkOptions(options: CloseWebSocketsOptions): void {
  const given: unknown = options
  if (typeof given !== 'object' || given === null) throw badOption('options', given, 'an object')
  for (const [name, value] of Object.entries(given))
    if (!known.includes(name)) throw badOption(name, value, `one of: ${known.join(', ')}`)
  const { code, reason, random } = options
  if (code !== undefined && !isSendable(code))
    throw badOption('code', code, 'one of 1000–1003, 1007–1014 or 3000–4999')
  if (reason !== undefined && (typeof reason !== 'string' || Buffer.byteLength(reason) > 123))
    throw badOption('reason', reason, 'a string of at most 123 bytes')
  if (random !== undefined && typeof random !== 'function') throw badOption('random', random, 'a function')
}

const known = ['code', 'reason', 'random']

/** 1004 to 1006 and 1015 are reserved: they must not be sent. */
const isSendable = (code: unknown): boolean =>
  Number.isInteger(code) && sendable.some(([from, to]) => from <= Number(code) && Number(code) <= to)

const sendable: readonly (readonly [number, number])[] = [
  [1000, 1003],
  [1007, 1014],
  [3000, 4999],
]
