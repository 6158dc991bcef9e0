import type { ServerResponse } from 'node:http'
import type { Clock } from '../clock.js'
import { beforeHeaders } from './connection-close.js'

/** How long a handler is waited for after its client has left, in ms: some never answer once nobody listens. */
const patienceMs = 5_000

/**
 * Requests whose client left before there was an answer. Their handlers go on, and what they use has to outlive them;
 * each counts until it answers all the same.
 */
export interface Abandoned<Answer> {
  readonly size: number
  /** Those still waited for, with when they came. */
  readonly requests: Iterable<readonly [Answer, { readonly requestedAt: number }]>
  add(answer: Answer, requestedAt: number): void
  /** From here on calls back whenever one has answered, or its time is up. */
  watch(callback: () => void): void
}

export function createAbandoned<Answer extends object>(
  clock: Clock,
  whenAnswered: (answer: Answer, callback: () => void) => void,
): Abandoned<Answer> {
  const waiting = new Map<Answer, { requestedAt: number; leftAt: number }>()
  let onChange: (() => void) | undefined

  const drop = (answer: Answer): void => {
    if (waiting.delete(answer)) onChange?.()
  }

  /** No timer in normal service: whoever looks forgets those whose time is up. */
  const forgetOld = (): void => {
    for (const [answer, { leftAt }] of waiting) {
      if (clock.now() - leftAt < patienceMs) return
      waiting.delete(answer)
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
    add(answer, requestedAt) {
      forgetOld()
      waiting.set(answer, { requestedAt, leftAt: clock.now() })
      if (onChange) clock.after(patienceMs, () => drop(answer))
      whenAnswered(answer, () => drop(answer))
    },
    watch(callback) {
      onChange = callback
      for (const [answer, { leftAt }] of waiting)
        clock.after(leftAt + patienceMs - clock.now(), () => drop(answer))
    },
  }
}

/** Calls back when a handler answers although its client has left. */
export function whenResponds(res: ServerResponse, callback: () => void): void {
  beforeHeaders(res, callback)
  // without headers first, since nothing can be written any more
  beforeCalls(res, ['end'], callback)
}

/** Calls back before each call of these methods. */
export function beforeCalls(target: object, methods: readonly string[], callback: () => void): void {
  for (const name of methods) {
    const method: unknown = Reflect.get(target, name)
    if (typeof method !== 'function') continue
    const announced = (...args: unknown[]): unknown => {
      callback()
      return Reflect.apply(method, target, args)
    }
    Object.assign(target, { [name]: announced })
  }
}
