import type { Server, Socket } from 'node:net'
import type { Shutdown } from '@lastcall/core'
import { internalsOf, noTraffic, whenQuiet, type CutRequest, type Serving } from '@lastcall/core/http'
import { serveTcpClients } from './tcp-clients.js'

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

/** Counts what is in flight. Over TCP clients are told to go; the connections of other transports are Nest's to close. */
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
  const inFlight = new Set<Message>()
  const waiting = new Set<() => void>()
  let requests = 0
  let lastRequestAt = -Infinity
  let isLate = false
  let gaveUpAccepting = false
  let cut: CutRequest[] = []

  const changed = (): void => {
    for (const look of waiting) look()
  }
  const clients = listener && serveTcpClients(listener, { shutdown, onLeft: changed })
  const isIdle = (socket: Socket): boolean => [...inFlight].every((message) => message.socket !== socket)

  const serving: Serving = {
    get active() {
      return clients ? clients.active : isServer
    },
    lameDuck: (budget) => (isServer ? whenQuiet(budget, clock, () => lastRequestAt) : Promise.resolve()),
    async lastCall({ maxMs }, skipped) {
      if (!clients) return
      isLate = true
      gaveUpAccepting = !(await clients.closeListener(skipped ? skippedMs : maxMs))
      clients.endAll(isIdle)
    },
    drain() {
      isLate = true
      return new Promise((resolve) => {
        const look = (): void => {
          if (inFlight.size > 0 || clients?.connected) return
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
      clients?.destroyAll()
      onCut()
    },
    close: () => clients?.destroyAll(),
    snapshot: () => ({
      ...noTraffic,
      requests,
      inFlight: inFlight.size,
      connections: clients?.connected ?? 0,
      cut,
      closed: { ...noTraffic.closed, ...clients?.closed },
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
          if (isLate && socket && isIdle(socket)) clients?.end(socket, 'told')
          changed()
        })
      }
    },
  }
}
