import type { Exchange } from '../traffic/client.js'
import type { LostRequest } from './observed.js'

/** Remembers what was lost, and in which restart. */
export interface LossLog {
  /** The signal of a restart. */
  begin(restart: number): void
  see(exchange: Exchange): void
  readonly losses: readonly LostRequest[]
}

export function createLossLog(): LossLog {
  const losses: LostRequest[] = []
  let restart = 0
  let beganAt = performance.now()
  return {
    losses,
    begin(number) {
      restart = number
      beganAt = performance.now()
    },
    see({ outcome, method, status, fresh = false, target, endedAt }) {
      if (outcome === 'ok') return
      const atMs = Math.round(endedAt - beganAt)
      losses.push({ restart, instance: target.name, outcome, method, status, fresh, atMs })
    },
  }
}
