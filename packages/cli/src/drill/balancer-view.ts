import { get } from 'node:http'
import { pause } from './pause.js'
import type { Target } from './target.js'

export type CheckResult = 'ready' | 'not-ready' | 'refused' | 'unanswered'

/** One health check of one target. Times are `performance.now()`. */
export interface Check {
  readonly target: Target
  readonly result: CheckResult
  readonly status: number | undefined
  readonly startedAt: number
  readonly endedAt: number
}

export interface BalancerViewOptions {
  readonly targets: readonly Target[]
  /** The readiness path. 200 means ready, anything else does not. */
  readonly path: string
  /** @default 200 */
  readonly intervalMs?: number
  /** @default 2000: with shorter ones a busy machine looks like a broken app */
  readonly timeoutMs?: number
  readonly onCheck?: (check: Check) => void
}

/** What a health-checking balancer believes about its targets: one failure is down, one success is up. */
export interface BalancerView {
  isReady(target: Target): boolean
  /** Where a new connection may go: to those that are ready, or else to the least bad ones. */
  candidates(): readonly Target[]
  lastCheck(target: Target): Check | undefined
  /** Resolves at the next successful check that begins after this call. */
  becomesReady(target: Target): Promise<void>
  stop(): Promise<void>
}

export function startBalancerView(options: BalancerViewOptions): BalancerView {
  const { targets, path, intervalMs = 200, timeoutMs = 2_000, onCheck } = options
  const stopping = new AbortController()
  const latest = new Map<Target, Check>()
  const waiting = new Set<{ target: Target; since: number; resolve: () => void }>()

  const watch = async (target: Target): Promise<void> => {
    while (!stopping.signal.aborted) {
      const check = await checkOnce(target, path, timeoutMs)
      latest.set(target, check)
      onCheck?.(check)
      for (const entry of waiting) {
        if (entry.target !== target || check.result !== 'ready' || check.startedAt < entry.since) continue
        waiting.delete(entry)
        entry.resolve()
      }
      await pause(Math.max(0, check.startedAt + intervalMs - performance.now()), stopping.signal)
    }
  }
  const watches = targets.map(watch)

  return {
    isReady: (target) => latest.get(target)?.result === 'ready',
    candidates() {
      const whose = (result: CheckResult): readonly Target[] =>
        targets.filter((target) => latest.get(target)?.result === result)
      // When nobody is ready, who said nothing is better than who said no: on a busy machine it may only be slow. When
      // everybody said no, one is tried all the same: the request will be lost, and it must be counted.
      return [whose('ready'), whose('unanswered'), targets].find(({ length }) => length > 0) ?? targets
    },
    lastCheck: (target) => latest.get(target),
    becomesReady: (target) =>
      new Promise((resolve) => void waiting.add({ target, since: performance.now(), resolve })),
    async stop() {
      stopping.abort()
      await Promise.all(watches)
    },
  }
}

function checkOnce(target: Target, path: string, timeoutMs: number): Promise<Check> {
  const startedAt = performance.now()
  const { host, port } = target
  return new Promise((resolve) => {
    const settle = (result: CheckResult, status?: number): void => {
      resolve({ target, result, status, startedAt, endedAt: performance.now() })
    }
    // A connection of its own for each check, so that a closed listener is noticed.
    const request = get({ host, port, path, agent: false, timeout: timeoutMs })
    // One poll of the loop first: an answer that has arrived must not be missed because the drill itself is late.
    request.on('timeout', () => void setImmediate(() => request.destroy()))
    request.on('error', (error: NodeJS.ErrnoException) => {
      settle(error.code === 'ECONNREFUSED' ? 'refused' : 'unanswered')
    })
    request.on('response', (response) => {
      response.on('error', () => {
        // The status was the answer; how the body ends does not matter.
      })
      response.resume()
      settle(response.statusCode === 200 ? 'ready' : 'not-ready', response.statusCode)
    })
  })
}
