import { systemClock } from '../clock.js'
import { badOption } from '../errors.js'
import { callback, checkOptions, type Rule } from '../option-rules.js'
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
  checkOptions(options, rules)
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

const rules = {
  code: { allowed: 'one of 1000–1003, 1007–1014 or 3000–4999', fits: isSendable },
  reason: {
    allowed: 'a string of at most 123 bytes',
    fits: (value) => typeof value === 'string' && Buffer.byteLength(value) <= 123,
  },
  random: callback,
} satisfies Record<keyof CloseWebSocketsOptions, Rule>

/** 1004 to 1006 and 1015 are reserved: they must not be sent. */
function isSendable(code: unknown): boolean {
  const sendable: readonly (readonly [number, number])[] = [
    [1000, 1003],
    [1007, 1014],
    [3000, 4999],
  ]
  return Number.isInteger(code) && sendable.some(([from, to]) => from <= Number(code) && Number(code) <= to)
}
