import { setTimeout } from 'node:timers/promises'
import { DrillError } from '../drill-error.js'
import type { BalancerView } from '../probes/balancer-view.js'
import type { Check } from '../probes/health-check.js'
import { formatMs } from '../text/format-number.js'
import { explainPort } from './explain-port.js'
import type { Instance } from './instance.js'

export interface BecomeReadyOptions {
  readonly instance: Instance
  readonly view: BalancerView
  /** The path that the view asks. */
  readonly path: string
  readonly readyTimeoutMs: number
}

/** Waits for a successful health check, and fails as soon as there cannot be one. */
export async function becomeReady(options: BecomeReadyOptions): Promise<void> {
  const { instance, view, path, readyTimeoutMs } = options
  const waiting = new AbortController()
  const { signal } = waiting
  // Unref'd: when the drill ends for another reason, nobody is left to hear that it is too late.
  const tooLate = setTimeout(readyTimeoutMs, undefined, { signal, ref: false }).then(async () => {
    const check = view.lastCheck(instance.target)
    const hint = check?.result === 'refused' ? await explainPort(instance.pid(), instance.target) : ''
    const late = `${instance.name} was not ready within ${formatMs(readyTimeoutMs)}`
    throw new DrillError(`${late}: ${describe(path, check)}.${hint}`, instance.output())
  })
  tooLate.catch(() => {
    // also rejects when it is no longer waited for
  })
  try {
    await Promise.race([view.becomesReady(instance.target), instance.failed, tooLate])
  } finally {
    waiting.abort()
  }
}

function describe(path: string, check: Check | undefined): string {
  if (check?.result === 'refused') return 'nobody listened where it should'
  if (check?.status === undefined) return `GET ${path} was not answered`
  return `GET ${path} was answered ${check.status}. Name another path with --ready, or give it longer with --ready-timeout`
}
