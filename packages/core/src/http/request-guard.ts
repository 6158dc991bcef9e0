import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Traffic } from './connections.js'
import { shadow } from './shadow.js'

/** Who gets requests instead of the server's own listeners. */
export interface Refusal {
  request(req: IncomingMessage, res: ServerResponse): void
  upgrade(req: IncomingMessage, socket: Socket): void
}

export interface RequestGuard {
  /** From here on nothing reaches the server's own listeners. */
  refuse(refusal: Refusal): void
  undo(): void
}

/**
 * Stands before the server's own listeners, whoever has added one. What comes after the last response of its connection
 * is dropped (RFC 9112, section 9.6): its client has been told, so it asks again elsewhere, and nothing is done twice.
 */
export function guardRequests(server: Server, traffic: Traffic): RequestGuard {
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean
  let refusal: Refusal | undefined
  const guarded = (event: string | symbol, ...args: unknown[]): boolean => {
    if (typeof event === 'symbol' || !requestEvents.includes(event)) return emit(event, ...args)
    const [req, other] = args as [IncomingMessage, ServerResponse | Socket]
    // its stream was let through
    if (req.httpVersionMajor > 1) return emit(event, ...args)
    if (traffic.isOver(req.socket)) req.resume()
    else if (!refusal) return emit(event, ...args)
    else if (event === 'upgrade' || event === 'connect') refusal.upgrade(req, other as Socket)
    else refusal.request(req, other as ServerResponse)
    return true
  }
  const restore = shadow(server, 'emit', guarded)
  return {
    refuse(by) {
      refusal = by
      // without a listener Node asks for the body of a request that is about to be refused (RFC 9110, section 10.1.1)
      server.on('checkContinue', refuseToContinue)
    },
    undo() {
      server.off('checkContinue', refuseToContinue)
      restore()
    },
  }
}

/** Never called: the guard stands before it. */
function refuseToContinue(): void {}

const requestEvents = ['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect']
