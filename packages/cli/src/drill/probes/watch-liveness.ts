import { pause } from '../interruption/pause.js'
import type { Target } from '../target.js'
import { between } from '../traffic/random.js'
import type { Random } from '../traffic/random.js'
import { checkHealth } from './health-check.js'
import type { Check, HealthCheckOptions } from './health-check.js'

/**
 * Often enough to meet the moment in which the listener closes. Not each 100 ms: an app that closes so many hundreds of ms
 * after the signal would meet a question every time, which no other client would ask just then.
 */
const intervalMs = [50, 150] as const

/** Asks one target whether it is alive, again and again. Each time connects anew, whatever readiness says. */
export function watchLiveness(
  target: Target,
  random: Random,
  options: HealthCheckOptions & { readonly onCheck: (check: Check) => void },
): () => void {
  const stopping = new AbortController()
  const { signal } = stopping
  const ask = async (): Promise<void> => {
    while (!signal.aborted) {
      // Not one after the other: while an answer is late, others are still asked for.
      void checkHealth(target, options).then(options.onCheck) // never rejects
      await pause(between(random, intervalMs), signal)
    }
  }
  void ask() // ends with the signal
  return () => stopping.abort()
}
