import type { Server, Socket } from 'node:net'
import type { Shutdown } from '@lastcall/core'
import {
  closeListener,
  internalsOf,
  noTraffic,
  whenQuiet,
  type CutRequest,
  type Serving,
} from '@lastcall/core/http'

/** A client that does not close its half, in ms. */
const silentMs = 1_000

/** How long the accept queue may take where last call is skipped, in ms. */
const skippedMs = 2_000

/** The messages of one microservice. */
export interface Messages {
  readonly serving: Serving
  /** Last call has not begun; draining, where nobody can be told to go. */
  readonly takesRequests: boolean
  /** A message is being handled. Returns what says that it is answered. */
  begin(pattern: string, socket: Socket | undefined): () => void
}

interface Message {
  readonly pattern: string
  readonly socket: Socket | undefined
  readonly startedAt: number
}

/** Counts what is in flight. Over TCP it is also how clients get in and leave; other connections are Nest's to close. */
export function serveMessages(
  shutdown: Shutdown,
  options: {
    /** Clients come to it, and not to a broker. */
    isServer: boolean
    /** Over TCP. */
    listener: Server | undefined
    /** The drain deadline has passed. */
    onCut: () => void
  },
): Messages {
  const { isServer, listener, onCut } = options
  const { clock } = internalsOf(shutdown)
  const sockets = new Set<Socket>()
  const inFlight = new Set<Message>()
  const waiting = new Set<() => void>()
  let requests = 0
  let accepted = 0
  let lastRequestAt = -Infinity
  let isLate = false
  let gaveUpAccepting = false
  let listenerClosed: Promise<boolean> | undefined
  let cut: CutRequest[] = []
  const closed = { told: 0, idle: 0, ended: 0, left: 0 }

  listener?.on('connection', (socket: Socket) => {
    accepted += 1
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      changed()
    })
  })

  const changed = (): void => {
    for (const look of waiting) look()
  }
  const isIdle = (socket: Socket): boolean => [...inFlight].every((message) => message.socket !== socket)
  const end = (socket: Socket, how: 'idle' | 'told'): void => {
    if (socket.writableEnded) return
    closed[how] += 1
    socket.end()
    // a client that does not answer with its own end gets no more
    clock.after(silentMs, () => socket.destroy())
  }

  const serving: Serving = {
    get active() {
      return listener ? listener.listening || sockets.size > 0 : isServer
    },
    lameDuck: (budget) => (isServer ? whenQuiet(budget, clock, () => lastRequestAt) : Promise.resolve()),
    async lastCall(budget, skipped) {
      if (!listener) return
      isLate = true
      const maxMs = skipped ? skippedMs : budget.maxMs
      listenerClosed ??= closeListener(listener, { clock, accepted: () => accepted, maxMs })
      gaveUpAccepting = !(await listenerClosed)
      for (const socket of sockets) if (isIdle(socket)) end(socket, 'idle')
    },
    drain() {
      isLate = true
      return new Promise((resolve) => {
        const look = (): void => {
          if (inFlight.size > 0 || sockets.size > 0) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      })
    },
    cut() {
      const now = clock.now()
      cut = [...inFlight].map(({ pattern, startedAt }) => ({
        method: 'MESSAGE',
        path: pattern.slice(0, 200),
        ageMs: Math.round(now - startedAt),
        answered: false,
      }))
      for (const socket of sockets) socket.destroy()
      onCut()
    },
    close() {
      for (const socket of sockets) socket.destroy()
    },
    snapshot: () => ({
      ...noTraffic,
      requests,
      inFlight: inFlight.size,
      connections: sockets.size,
      cut,
      closed,
      gaveUpAccepting,
    }),
  }

  return {
    serving,
    get takesRequests() {
      return !isLate
    },
    begin(pattern, socket) {
      const message: Message = { pattern, socket, startedAt: clock.now() }
      requests += 1
      lastRequestAt = message.startedAt
      inFlight.add(message)
      return () => {
        if (!inFlight.delete(message)) return
        // Nest writes the answer in the same turn, after this
        clock.turn(() => {
          if (isLate && socket && isIdle(socket)) end(socket, 'told')
          changed()
        })
      }
    },
  }
}
