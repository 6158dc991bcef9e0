import { setMaxListeners } from 'node:events'
import type { Target } from '../target.js'
import { runClient } from './client.js'
import type { Exchange, OnConnection } from './client.js'
import { createCrowd } from './crowd.js'
import type { ClientGroup } from './crowd.js'
import { createLedger } from './ledger.js'
import type { Ledger } from './ledger.js'
import type { Message } from './message.js'
import { createRandom, pick } from './random.js'
import type { Random } from './random.js'
import { readSlowly } from './read-body.js'
import type { Routes } from './routes.js'
import { keepSilentConnection } from './silent-connection.js'
import { createCounter } from './tally.js'
import type { Tally } from './tally.js'

export interface TrafficOptions {
  readonly targets: readonly Target[]
  readonly routes: Routes
  /** Whether clients believe that a target is ready. @default always: what a single balancer needs */
  readonly isReady?: (target: Target) => boolean
  /**
   * Where a new connection may go; clients wait while that is nowhere.
   * @default the targets that are ready, or all when none is
   */
  readonly candidates?: () => readonly Target[]
  /** Whether a connection that was refused is opened elsewhere, instead of counting as lost. @default never */
  readonly triesElsewhere?: (refused: Target) => boolean
  /** @default an ordinary crowd of 40 clients, one slow request and one slow reader */
  readonly crowd?: readonly ClientGroup[]
  /** @default 1 */
  readonly seed?: number
  /** Called once for every request, when it has ended. */
  readonly onExchange?: (exchange: Exchange) => void
  /** Called when a connection to a target has been opened, and when it has closed. */
  readonly onConnection?: OnConnection | undefined
}

export interface Traffic {
  /** Which ids were posted, and which of them were answered. */
  readonly ledger: Ledger
  /** The count so far. */
  tally(): Tally
  /** Ends the traffic when the requests in flight have ended. */
  stop(): Promise<Tally>
}

const postShare = 0.3
const slowReadMs = 2_000

/** Drives the targets with strict clients that never retry, and counts how every request ended. */
export function startTraffic(options: TrafficOptions): Traffic {
  const { targets, routes, crowd = createCrowd(), seed = 1 } = options
  const { onExchange, onConnection, triesElsewhere } = options
  const { isReady = () => true, candidates = () => readyOrAll(targets, isReady) } = options
  const stopping = new AbortController()
  const { signal } = stopping
  setMaxListeners(0, signal)
  const counter = createCounter()
  const ledger = createLedger()

  const chooser = (random: Random) => (): Target | undefined => pick(random, candidates())
  const record = (exchange: Exchange, message: Message): void => {
    counter.count(exchange.method, exchange.outcome)
    if (message.id !== undefined && exchange.outcome === 'ok') ledger.answered(message.id)
    onExchange?.(exchange)
  }
  const running = crowd.flatMap((group, place) => {
    if (!canSend(group, routes)) return []
    return Array.from({ length: group.count }, (_, number) => {
      // Each client has its own source: what it chooses does not depend on how fast the others are.
      const random = createRandom(seed + place * 10_007 + number)
      const compose = (): Message => composeMessage(group, routes, ledger, random)
      return runClient({
        group,
        random,
        compose,
        choose: chooser(random),
        triesElsewhere,
        isReady,
        onExchange: record,
        onConnection,
        signal,
      })
    })
  })
  running.push(keepSilentConnection(chooser(createRandom(seed)), { signal, onConnection }))

  return {
    ledger,
    tally: counter.tally,
    async stop() {
      stopping.abort()
      await Promise.all(running)
      return counter.tally()
    },
  }
}

function readyOrAll(targets: readonly Target[], isReady: (target: Target) => boolean): readonly Target[] {
  const ready = targets.filter(isReady)
  // One is tried although nobody is ready: the request will be lost, and it must be counted.
  return ready.length > 0 ? ready : targets
}

function canSend({ sends }: ClientGroup, routes: Routes): boolean {
  if (sends === 'orders') return routes.get !== undefined || routes.post !== undefined
  return routes[sends] !== undefined
}

function composeMessage({ sends }: ClientGroup, routes: Routes, ledger: Ledger, random: Random): Message {
  const { headers } = routes
  const get = (path = '/'): Message => ({ method: 'GET', path, headers })
  if (sends === 'slow') return get(routes.slow)
  if (sends === 'large') return { ...get(routes.large), read: readSlowly(routes.largeSha256, slowReadMs) }
  if (routes.get !== undefined && (routes.post === undefined || random() >= postShare)) return get(routes.get)
  return composePost(routes.post ?? '/', routes, ledger)
}

/** What the user wants to be posted, or else an order as the examples take it. */
export function composePost(path: string, { body, headers }: Routes, ledger: Ledger): Message {
  if (body !== undefined) return { method: 'POST', path, body, headers }
  const id = ledger.newId()
  return { method: 'POST', path, id, body: JSON.stringify({ id, item: 'espresso', quantity: 1 }), headers }
}
