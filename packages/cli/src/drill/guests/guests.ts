import { setMaxListeners } from 'node:events'
import { pause } from '../interruption/pause.js'
import type { Goodbye } from '../observation/observed.js'
import type { Target } from '../target.js'
import type { RequestHeaders } from '../traffic/message.js'

/** Where a guest goes. */
export interface Visit {
  readonly path: string
  readonly headers?: RequestHeaders | undefined
}

/** A client that stays until it is sent away. */
export interface Guest {
  readonly ended: Promise<Pick<Goodbye, 'manner' | 'how'>>
  leave(): void
}

/** One that was sent away. Times are `performance.now()`. */
export interface Departure extends Omit<Goodbye, 'atMs'> {
  readonly target: Target
  readonly openedAt: number
  readonly endedAt: number
}

export interface GuestsOptions {
  readonly kind: Goodbye['kind']
  readonly count: number
  /** Rejects when the target does not let anybody in. */
  readonly open: (target: Target) => Promise<Guest>
  /** Where somebody may go. */
  readonly candidates: () => readonly Target[]
  readonly onDeparture: (departure: Departure) => void
}

export interface Guests {
  /** Everybody has been let in once; rejects when somebody has not. */
  readonly arrived: Promise<unknown>
  stop(): void
}

const retryMs = 100

/** Keeps some of them connected, spread over the targets; who is sent away goes to whoever is ready. */
export function startGuests(options: GuestsOptions): Guests {
  const { kind, count, open, candidates, onDeparture } = options
  const seats = new Map<Target, number>()
  const present = new Set<Guest>()
  const stopping = new AbortController()
  const { signal } = stopping
  setMaxListeners(0, signal)

  const take = (target: Target, change: 1 | -1): void => {
    seats.set(target, (seats.get(target) ?? 0) + change)
  }
  const choose = (): Target | undefined =>
    candidates().toSorted((a, b) => (seats.get(a) ?? 0) - (seats.get(b) ?? 0))[0]
  const visit = async (target: Target, onArrival: () => void): Promise<void> => {
    take(target, 1)
    try {
      const guest = await open(target)
      const openedAt = performance.now()
      onArrival()
      if (signal.aborted) return guest.leave()
      present.add(guest)
      const ended = await guest.ended
      present.delete(guest)
      if (!signal.aborted) onDeparture({ kind, target, openedAt, endedAt: performance.now(), ...ended })
    } finally {
      take(target, -1)
    }
  }
  const stay = async (onArrival: () => void, onRefusal: (error: unknown) => void): Promise<void> => {
    while (!signal.aborted) {
      const target = choose()
      if (target) await visit(target, onArrival).catch(onRefusal)
      await pause(retryMs, signal)
    }
  }

  const arrivals = Array.from(
    { length: count },
    // ends when they are stopped; what is refused after the arrival is tried again
    () => new Promise<void>((resolve, reject) => void stay(resolve, reject)),
  )
  return {
    arrived: Promise.all(arrivals),
    stop() {
      stopping.abort()
      for (const guest of present) guest.leave()
    },
  }
}
