import { get } from 'node:http'
import type { Target } from '../target.js'
import type { RequestHeaders } from '../traffic/message.js'

export type CheckResult = 'ready' | 'not-ready' | 'refused' | 'unanswered'

/** One health check of one target. Times are `performance.now()`. */
export interface Check {
  readonly target: Target
  readonly result: CheckResult
  readonly status: number | undefined
  readonly startedAt: number
  readonly endedAt: number
  /** Why it is unanswered: an error code such as `ECONNRESET`, or `timeout`. */
  readonly error?: string | undefined
}

export interface HealthCheckOptions {
  readonly path: string
  /** @default 2000: with shorter ones a busy machine looks like a broken app */
  readonly timeoutMs?: number
  readonly headers?: RequestHeaders | undefined
}

/** Asks once, on a connection of its own, so that a closed listener is noticed. 2xx is ready. */
export function checkHealth(target: Target, options: HealthCheckOptions): Promise<Check> {
  const { path, timeoutMs = 2_000, headers = {} } = options
  const startedAt = performance.now()
  const { host, port } = target
  return new Promise((resolve) => {
    const settle = (result: CheckResult, rest: { status?: number; error?: string } = {}): void => {
      resolve({ target, result, status: undefined, ...rest, startedAt, endedAt: performance.now() })
    }
    const request = get({ host, port, path, headers, agent: false, timeout: timeoutMs })
    // One poll of the loop first: an answer that has arrived must not be missed because the drill itself is late.
    request.on('timeout', () => {
      setImmediate(() => request.destroy(Object.assign(new Error('no answer'), { code: 'timeout' })))
    })
    request.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') settle('refused')
      else settle('unanswered', { error: code ?? 'unknown' })
    })
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response
      response.on('error', () => {
        // The status was the answer; how the body ends does not matter.
      })
      response.resume()
      settle(status >= 200 && status < 300 ? 'ready' : 'not-ready', { status })
    })
  })
}
