import type { Server, Socket } from 'node:net'
import type { Shutdown } from '@lastcall/core'
import { internalsOf, shadow } from '@lastcall/core/http'
import type { ModulesContainer } from '@nestjs/core'
import { NEVER, finalize, isObservable, throwError } from 'rxjs'
import { serveMessages, type Messages } from './serve-messages.js'

/** The server of a microservice, whatever its transport (Nest docs, "Custom transporters"). */
interface RpcServer {
  readonly transportId?: unknown
  addHandler(pattern: unknown, callback: Handler, isEventHandler?: boolean, extras?: object): unknown
  /** The underlying server of the transport. */
  unwrap?(): unknown
}

type Handler = (...args: unknown[]) => unknown

/** `Transport.TCP` of `@nestjs/microservices`, which an app may do without. */
const tcp = 0

/** What a late request is answered, as Nest has its errors. */
const refusal = { status: 'error', message: 'Service Unavailable: the server is shutting down' }

/**
 * Messages in flight are answered, over any transport. Over TCP nothing new is taken from last call on: requests are refused,
 * idle connections closed. From a broker nothing is taken from lame duck on: a message that is not settled goes
 * to somebody else, if the broker keeps it.
 */
export function serveMicroservices(modules: ModulesContainer, shutdown: Shutdown): void {
  const own = internalsOf(shutdown)

  const meet = (server: RpcServer): void => {
    const isTcp = server.transportId === tcp
    const messages = serveMessages(isTcp ? (server.unwrap?.() as Server) : undefined, shutdown)
    own.serve(messages.serving)
    const add = server.addHandler.bind(server)
    shadow(server, 'addHandler', (pattern: unknown, callback: Handler, isEvent = false, extras?: object) => {
      const takes = (): boolean => (isTcp ? messages.takesRequests : shutdown.phase === 'running')
      const late = (): unknown => (isTcp && !isEvent ? throwError(() => refusal) : NEVER)
      // a proxy and not a function of ours: Nest chains handlers of one pattern by a property
      return add(
        pattern,
        new Proxy(callback, { apply: counted({ messages, takes, late, pattern }) }),
        isEvent,
        extras,
      )
    })
  }

  modules.getRpcTargetRegistry<RpcServer>().subscribe(meet)
}

function counted(options: {
  messages: Messages
  takes: () => boolean
  late: () => unknown
  pattern: unknown
}): (handler: Handler, self: unknown, args: unknown[]) => Promise<unknown> {
  const { messages, takes, late, pattern } = options
  const name = typeof pattern === 'string' ? pattern : JSON.stringify(pattern)
  return async (handler, self, args) => {
    if (!takes()) return late()
    const done = messages.begin(name, socketOf(args[1]))
    try {
      const result: unknown = await Reflect.apply(handler, self, args)
      if (isObservable(result)) return result.pipe(finalize(done))
      done()
      return result
    } catch (error) {
      done()
      throw error
    }
  }
}

/** A `TcpContext` has the socket inside another. */
function socketOf(context: unknown): Socket | undefined {
  const { getSocketRef } = (context ?? {}) as { getSocketRef?: () => { readonly netSocket?: Socket } }
  return getSocketRef?.call(context).netSocket
}
