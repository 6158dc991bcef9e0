import type { IncomingMessage, ServerResponse } from 'node:http'
import { polled, type Cancel, type Clock } from '../clock.js'
import { whenSilent } from '../stalled.js'
import type { Connection } from './connection.js'
import type { Traffic } from './connections.js'
import { handshakeMs } from './handshakes.js'
import { isIdle, isUploading } from './is-idle.js'
import { openResponse } from './open-response.js'
import { endIfStream } from './open-streams.js'
import { refuse, refuseUpgrade } from './refuse.js'
import type { RequestGuard } from './request-guard.js'
import { tellOn } from './tell.js'

/** A connection as young as this may have its first request on the way, in ms. */
const youngMs = 100

/** A request that has begun to arrive has this long for the rest of its head, in ms; a body only has to go on coming. */
const headMs = 1_000

/**
 * What is in flight finishes; a request that still comes on an open connection is answered 503 and never reaches its
 * handler. Settles when nothing is in flight, woken by the last response and not by a clock.
 */
export function drain(options: {
  guard: RequestGuard
  traffic: Traffic
  clock: Clock
  random: () => number
  /** Settles when nobody new can connect. */
  listenerClosed: Promise<unknown>
  /** Answers a probe: liveness is 200 as long as it can be asked. */
  probe: (req: IncomingMessage, res: ServerResponse) => boolean
  onRefused: () => void
  /** Keeps the shutdown in draining until the function that it returns is called. */
  hold: () => () => void
}): Promise<void> {
  const { guard, traffic, clock, random } = options
  const arriving = new Map<Connection, Cancel>()
  let settling = true
  let isDone = false
  let resolve = (): void => {}
  const drained = new Promise<void>((done) => {
    resolve = done
  })
  const isOver = (): boolean =>
    !settling && traffic.inFlight === 0 && arriving.size === 0 && traffic.abandoned.size === 0
  const look = (): void => {
    if (!isOver()) return
    // the loop polls once more: what has arrived by now is answered, and not reset by what comes after draining;
    // never rejects
    void polled(clock).then(() => {
      if (!isOver()) return
      isDone = true
      resolve()
    })
  }

  /** A connection that had not been met before has a request after all. */
  const goOn = (): void => {
    if (!isDone) return
    isDone = false
    resolve = options.hold()
  }

  const tell = (connection: Connection, res: ServerResponse): void =>
    tellOn(connection, res, { traffic, clock })

  /** It has sent all of a request, or the rest of one that was answered early, or it is gone. */
  const arrived = (connection: Connection): void => {
    arriving.get(connection)?.()
    arriving.delete(connection)
  }

  const endIfIdle = (connection: Connection): void => {
    const { closed, told, upgraded, inFlight, early, restingSince } = connection
    if (closed || told || upgraded || inFlight > 0 || arriving.has(connection)) return
    // never rejects
    const end = (): void => void giveUp(connection)
    if (isUploading(connection)) arriving.set(connection, whenSilent(connection, clock, end))
    else if (!isIdle(connection)) arriving.set(connection, clock.after(headMs, end))
    // with the last piece of a body the next request may have begun to arrive, and nothing shows that
    else if (early && clock.now() < restingSince + youngMs)
      arriving.set(
        connection,
        clock.after(youngMs, () => lookAgain(connection)),
      )
    else traffic.end(connection, 'ended')
  }

  const lookAgain = (connection: Connection): void => {
    arrived(connection)
    endIfIdle(connection)
    look()
  }

  const giveUp = async (connection: Connection): Promise<void> => {
    // where the loop was blocked the rest of the head may wait in the kernel
    await polled(clock)
    if (!arriving.has(connection)) return
    arrived(connection)
    traffic.end(connection, 'ended')
    look()
  }

  const refuseRequest = (req: IncomingMessage, res: ServerResponse): void => {
    const connection = traffic.count(req, res)
    arrived(connection)
    goOn()
    tell(connection, res)
    if (options.probe(req, res)) return
    options.onRefused()
    refuse(res, random)
  }

  traffic.observer = {
    opened(connection) {
      // out of a TLS handshake that took longer than it had, or met on its first request since; never rejects
      if (!settling) void polled(clock).then(() => endIfIdle(connection))
    },
    request() {},
    resting(connection) {
      arrived(connection)
      // a request may wait behind a body that nobody read: the loop polls first; never rejects
      void polled(clock).then(() => endIfIdle(connection))
      look()
    },
    closed(connection) {
      arrived(connection)
      look()
    },
  }
  traffic.abandoned.watch(look)
  guard.refuse({
    request: refuseRequest,
    upgrade(req, socket) {
      const connection = traffic.find(req.socket)
      if (connection) {
        connection.told = true
        traffic.closed.told += 1
        // until the 503 is with the kernel: its client may keep its own side open
        socket.once('finish', traffic.keep(connection))
        arrived(connection)
      }
      options.onRefused()
      refuseUpgrade(socket, random)
    },
  })
  for (const connection of traffic.connections) {
    if (!connection.latest) continue
    endIfStream(openResponse(connection.latest), { clock })
    tell(connection, connection.latest)
  }

  const settle = async (): Promise<void> => {
    await options.listenerClosed
    await traffic.handshakes.over(handshakeMs)
    const newcomers = [...traffic.connections].filter(({ requestedAt }) => requestedAt === 0)
    const youngest = Math.max(...newcomers.map(({ restingSince }) => restingSince))
    if (youngest + youngMs > clock.now())
      await new Promise<void>((done) => clock.after(youngest + youngMs - clock.now(), done))
    // what has arrived by now is read, and answered, before anybody is taken for idle
    await polled(clock)
    for (const connection of traffic.connections) endIfIdle(connection)
    settling = false
    look()
  }
  // never rejects: listenerClosed does not
  void settle()
  return drained
}
