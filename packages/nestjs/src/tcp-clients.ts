import type { Server, Socket } from 'node:net'
import type { Shutdown } from '@lastcall/core'
import { closeListener, internalsOf } from '@lastcall/core/http'

/** A client that does not close its half, in ms. */
const silentMs = 1_000

/** How the clients of one microservice over TCP get in, and leave. */
export interface TcpClients {
  /** Somebody is connected, or may still come. */
  readonly active: boolean
  readonly connected: number
  /** How many left in which way. */
  readonly closed: { told: number; idle: number }
  /** Whether everybody who had knocked was let in, in time. */
  closeListener(maxMs: number): Promise<boolean>
  /** Half closes a connection that owes nobody an answer. */
  end(socket: Socket, how: 'idle' | 'told'): void
  endAll(which: (socket: Socket) => boolean): void
  destroyAll(): void
}

export function serveTcpClients(
  listener: Server,
  { shutdown, onLeft }: { shutdown: Shutdown; onLeft: () => void },
): TcpClients {
  const { clock } = internalsOf(shutdown)
  const sockets = new Set<Socket>()
  const closed = { told: 0, idle: 0 }
  let accepted = 0
  let listenerClosed: Promise<boolean> | undefined

  listener.on('connection', (socket: Socket) => {
    accepted += 1
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      onLeft()
    })
  })

  const end = (socket: Socket, how: 'idle' | 'told'): void => {
    if (socket.writableEnded) return
    closed[how] += 1
    socket.end()
    // a client that does not answer with its own end gets no more
    clock.after(silentMs, () => socket.destroy())
  }

  return {
    get active() {
      return listener.listening || sockets.size > 0
    },
    get connected() {
      return sockets.size
    },
    closed,
    closeListener: (maxMs) =>
      (listenerClosed ??= closeListener(listener, { clock, accepted: () => accepted, maxMs })),
    end,
    endAll(which) {
      for (const socket of sockets) if (which(socket)) end(socket, 'idle')
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
