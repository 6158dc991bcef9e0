import type { Exchange } from 'lastcall/drill'
import type { LostRequest } from './stack.js'

export interface LossWatch {
  see(exchange: Exchange): void
  /** The signal of a restart: times count from here. */
  begin(): void
  /** What was lost since `begin`. */
  take(): readonly LostRequest[]
}

export function watchLosses(): LossWatch {
  let beganAt = performance.now()
  let lost: LostRequest[] = []
  return {
    see({ method, outcome, status, target, startedAt, endedAt }) {
      if (outcome === 'ok') return
      const startedMs = Math.round(startedAt - beganAt)
      const endedMs = Math.round(endedAt - beganAt)
      lost.push({ method, outcome, status, target: target.name, startedMs, endedMs })
    },
    begin() {
      beganAt = performance.now()
    },
    take() {
      const taken = lost
      lost = []
      return taken
    },
  }
}
