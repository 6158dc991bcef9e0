import type { Server, Socket } from 'node:net'
import type { Phase, Shutdown } from '@lastcall/core'
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
  readonly options?: GrpcOptions
}

/** Of Nest's `GrpcOptions`. */
interface GrpcOptions {
  /** Calls whose answers are on their way are not cut. */
  gracefulShutdown?: boolean
}

type Handler = (...args: unknown[]) => unknown

/** `Transport` of `@nestjs/microservices`, which an app may do without. */
const tcp = 0
const grpc = 4

const inService: readonly Phase[] = ['starting', 'running']

/** What a late request is answered, as Nest has its errors. */
const refusal = { status: 'error', message: 'Service Unavailable: the server is shutting down' }

/** The same for gRPC: UNAVAILABLE. */
const unavailable = { code: 14, details: refusal.message }

/**
 * Messages in flight are answered, over any transport. Over TCP nothing new is taken from last call on: requests are refused,
 * idle connections closed. Calls of gRPC are taken until draining begins, since nothing tells its clients to go before. From a
 * broker nothing is taken from lame duck on: a message that is not settled goes to somebody else, if the broker keeps it.
 */
export function serveMicroservices(modules: ModulesContainer, shutdown: Shutdown): void {
  const own = internalsOf(shutdown)

  const meet = (server: RpcServer): void => {
    const isTcp = server.transportId === tcp
    const isGrpc = server.transportId === grpc
    const isServer = isTcp || isGrpc
    const messages = serveMessages(shutdown, {
      isServer,
      listener: isTcp ? (server.unwrap?.() as Server) : undefined,
      onCut: isGrpc ? closeGracefully(server.options) : () => {},
    })
    own.serve(messages.serving)
    const add = server.addHandler.bind(server)
    shadow(server, 'addHandler', (pattern: unknown, callback: Handler, isEvent = false, extras?: object) => {
      const takes = (): boolean => (isServer ? messages.takesRequests : inService.includes(shutdown.phase))
      const late = (): unknown =>
        isServer && !isEvent ? throwError(() => (isTcp ? refusal : unavailable)) : NEVER
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

/** Nest cuts off all calls unless it was told otherwise. Returns what lets it do so. */
function closeGracefully(options: GrpcOptions = {}): () => void {
  const { gracefulShutdown } = options
  options.gracefulShutdown ??= true
  return () => {
    if (gracefulShutdown === undefined) delete options.gracefulShutdown
  }
}

/** A `TcpContext` has the socket inside another. */
function socketOf(context: unknown): Socket | undefined {
  const { getSocketRef } = (context ?? {}) as { getSocketRef?: () => { readonly netSocket?: Socket } }
  return getSocketRef?.call(context).netSocket
}
