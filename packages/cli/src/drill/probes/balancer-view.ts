import { pause } from '../interruption/pause.js'
import type { Target } from '../target.js'
import type { RequestHeaders } from '../traffic/message.js'
import { checkHealth } from './health-check.js'
import type { Check, CheckResult } from './health-check.js'

export interface BalancerViewOptions {
  readonly targets: readonly Target[]
  /** The readiness path. 2xx means ready, anything else does not. */
  readonly path: string
  /**
   * Whether the app has to have that path. If not, and as long as nobody has answered 2xx, an answer such as 404 says that
   * there is no such path and that the app is there to say so: it is as ready as can be known.
   * @default true
   */
  readonly required?: boolean
  readonly headers?: RequestHeaders | undefined
  /** @default 200 */
  readonly intervalMs?: number
  /** @default 2000 */
  readonly timeoutMs?: number
  readonly onCheck?: (check: Check) => void
}

/** What a health-checking balancer believes about its targets: one failure is down, one success is up. */
export interface BalancerView {
  isReady(target: Target): boolean
  /** Where a new connection may go: to those that are ready, or else to the least bad ones. */
  candidates(): readonly Target[]
  lastCheck(target: Target): Check | undefined
  /** A client was refused, which the next check will find out, too. */
  noteRefused(target: Target): void
  /** Whether readiness was ever answered as it should be. */
  knowsReadiness(): boolean
  /** Resolves at the next successful check that begins after this call. */
  becomesReady(target: Target): Promise<void>
  stop(): Promise<void>
}

export function startBalancerView(options: BalancerViewOptions): BalancerView {
  const { targets, intervalMs = 200, required = true, onCheck } = options
  const stopping = new AbortController()
  const latest = new Map<Target, Check>()
  const waiting = new Set<{ target: Target; since: number; resolve: () => void }>()

  let known = false

  const judge = (check: Check): Check => {
    known ||= check.result === 'ready'
    if (known || required || check.status === undefined || !saysNoSuchPath(check.status)) return check
    return { ...check, result: 'ready' }
  }
  const watch = async (target: Target): Promise<void> => {
    while (!stopping.signal.aborted) {
      const check = judge(await checkHealth(target, options))
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
    noteRefused(target) {
      const now = performance.now()
      latest.set(target, { target, result: 'refused', status: undefined, startedAt: now, endedAt: now })
    },
    knowsReadiness: () => known,
    becomesReady: (target) =>
      new Promise((resolve) => void waiting.add({ target, since: performance.now(), resolve })),
    async stop() {
      stopping.abort()
      await Promise.all(watches)
    },
  }
}

/** 404 most often; also a demand to log in, a redirection to where one can, and 501 of servers that know few methods. */
export function saysNoSuchPath(status: number): boolean {
  return status === 501 || (status >= 300 && status < 500)
}
