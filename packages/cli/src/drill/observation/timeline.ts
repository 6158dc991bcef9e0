import type { Check } from '../probes/health-check.js'
import type { Target } from '../target.js'
import type { Exchange } from '../traffic/client.js'

export interface TimelineEvent {
  /** Milliseconds after the signal. */
  readonly atMs: number
  readonly event: string
}

/** Collects what the outside sees of one restart. */
export interface Timeline {
  seeExchange(exchange: Exchange): void
  seeCheck(check: Check): void
  /** Marks an event that the drill itself causes or notices. */
  mark(event: string): void
  /** In the order in which they happened. */
  events(): readonly TimelineEvent[]
  /** Requests that began after the signal on the instance being stopped, and were answered. */
  served(): number
}

export function startTimeline(target: Target): Timeline {
  const signalledAt = performance.now()
  const moments = new Map<string, number>()
  const noteFirst = (event: string, at: number): void => {
    if (!moments.has(event)) moments.set(event, at)
  }
  let stopped = false
  let served = 0
  moments.set('SIGTERM sent', signalledAt)

  return {
    seeExchange(exchange) {
      if (exchange.target !== target || stopped) return
      const { outcome, startedAt, endedAt, told } = exchange
      if (outcome === 'refused') noteFirst('connections are refused', endedAt)
      if (outcome !== 'ok') {
        noteFirst('first request lost', endedAt)
        moments.set('last request lost', endedAt)
        return
      }
      if (startedAt >= signalledAt) served++
      if (told) noteFirst('first response that says "Connection: close"', endedAt)
      moments.set('last request begins', Math.max(startedAt, moments.get('last request begins') ?? startedAt))
      moments.set('last response received', endedAt)
    },
    seeCheck(check) {
      if (check.target !== target || stopped || check.startedAt < signalledAt) return
      if (check.result === 'not-ready')
        noteFirst(`health check sees not ready (${check.status})`, check.endedAt)
      if (check.result === 'refused') noteFirst('connections are refused', check.endedAt)
    },
    mark(event) {
      stopped ||= event.startsWith('exit')
      moments.set(event, performance.now())
    },
    events: () =>
      [...moments]
        .filter(([, at]) => at >= signalledAt)
        .map(([event, at]) => ({ event, atMs: Math.round(at - signalledAt) }))
        .toSorted((a, b) => a.atMs - b.atMs),
    served: () => served,
  }
}
