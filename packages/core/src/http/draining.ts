import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { beforeHeaders, sayClose } from './connection-close.js'
import { isIdle, type Connection, type Traffic } from './connections.js'
import { refuse, refuseUpgrade } from './refuse.js'

/**
 * What is in flight finishes; a request that still comes on an open connection is answered 503 and never reaches its
 * handler. Settles when nothing is in flight, woken by the last response and not by a clock.
 */
export function drain(options: {
  server: Server
  traffic: Traffic
  clock: Clock
  random: () => number
  /** Settles when nobody new can connect. */
  listenerClosed: Promise<unknown>
  /** Answers a probe: liveness is 200 as long as it can be asked. */
  probe: (req: IncomingMessage, res: ServerResponse) => boolean
  onRefused: () => void
}): Promise<void> {
  const { server, traffic, clock, random } = options
  let looking = true
  let resolve = (): void => {}
  const drained = new Promise<void>((done) => {
    resolve = done
  })
  const look = (): void => {
    if (!looking && traffic.inFlight === 0) resolve()
  }

  const tellOn = (connection: Connection, res: ServerResponse): void => {
    beforeHeaders(res, () => {
      if (connection.latest !== res || connection.told) return
      sayClose(connection, res, traffic, clock)
    })
  }

  const endIfIdle = (connection: Connection): void => {
    if (!connection.told && isIdle(connection)) traffic.end(connection, 'ended')
  }

  const refuseRequest = (req: IncomingMessage, res: ServerResponse): void => {
    const connection = traffic.count(req, res)
    tellOn(connection, res)
    if (options.probe(req, res)) return
    options.onRefused()
    refuse(res, random)
  }

  traffic.observer = {
    // what came out of the accept queue has its request in the kernel, if it has one
    opened: (connection) => clock.turn(() => clock.turn(() => endIfIdle(connection))),
    request() {},
    resting(connection) {
      endIfIdle(connection)
      look()
    },
    closed: look,
  }
  interceptRequests(server, {
    request: refuseRequest,
    upgrade(socket) {
      options.onRefused()
      refuseUpgrade(socket, random)
    },
  })
  for (const connection of traffic.connections) if (connection.latest) tellOn(connection, connection.latest)

  const settle = async (): Promise<void> => {
    await options.listenerClosed
    // what has arrived by now is read, and answered, before anybody is taken for idle
    await new Promise<void>((done) => clock.turn(() => clock.turn(done)))
    for (const connection of traffic.connections) endIfIdle(connection)
    looking = false
    look()
  }
  // never rejects: listenerClosed does not
  void settle()
  return drained
}

/** Takes the server's own events before any listener sees them, whoever has added one. */
function interceptRequests(
  server: Server,
  take: { request(req: IncomingMessage, res: ServerResponse): void; upgrade(socket: Socket): void },
): void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean
  const shadow = (event: string | symbol, ...args: unknown[]): boolean => {
    switch (event) {
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        take.request(args[0] as IncomingMessage, args[1] as ServerResponse)
        return true
      case 'upgrade':
      case 'connect':
        take.upgrade(args[1] as Socket)
        return true
      default:
        return emit(event, ...args)
    }
  }
  Object.assign(server, { emit: shadow })
}
