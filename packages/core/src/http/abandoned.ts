import type { ServerResponse } from 'node:http'
import type { Clock } from '../clock.js'
import { beforeHeaders } from './connection-close.js'

/** How long a handler is waited for after its client has left, in ms: some never answer once nobody listens. */
const patienceMs = 5_000

/**
 * Requests whose client left before there was an answer. Their handlers go on, and what they use has to outlive them;
 * each counts until it answers all the same.
 */
export interface Abandoned {
  readonly size: number
  /** Those still waited for, with when they came. */
  readonly requests: Iterable<readonly [ServerResponse, { readonly requestedAt: number }]>
  add(res: ServerResponse, requestedAt: number): void
  /** From here on calls back whenever one has answered, or its time is up. */
  watch(callback: () => void): void
}

export function createAbandoned(clock: Clock): Abandoned {
  const waiting = new Map<ServerResponse, { requestedAt: number; leftAt: number }>()
  let onChange: (() => void) | undefined

  const drop = (res: ServerResponse): void => {
    if (waiting.delete(res)) onChange?.()
  }

  /** No timer in normal service: whoever looks forgets those whose time is up. */
  const forgetOld = (): void => {
    for (const [res, { leftAt }] of waiting) {
      if (clock.now() - leftAt < patienceMs) return
      waiting.delete(res)
    }
  }

  return {
    get size() {
      forgetOld()
      return waiting.size
    },
    get requests() {
      forgetOld()
      return waiting
    },
    add(res, requestedAt) {
      forgetOld()
      waiting.set(res, { requestedAt, leftAt: clock.now() })
      if (onChange) clock.after(patienceMs, () => drop(res))
      beforeHeaders(res, () => drop(res))
      const { end } = res
      // without headers first, since nothing can be written any more
      res.end = (...args: unknown[]) => {
        drop(res)
        return (end as (...args: unknown[]) => ServerResponse).apply(res, args)
      }
    },
    watch(callback) {
      onChange = callback
      for (const [res, { leftAt }] of waiting) clock.after(leftAt + patienceMs - clock.now(), () => drop(res))
    },
  }
}
