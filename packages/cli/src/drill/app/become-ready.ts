import { setTimeout } from 'node:timers/promises'
import { DrillError } from '../drill-error.js'
import type { BalancerView } from '../probes/balancer-view.js'
import { explainPort } from './explain-port.js'
import type { Instance } from './instance.js'

export interface BecomeReadyOptions {
  readonly instance: Instance
  readonly view: BalancerView
  readonly readyTimeoutMs: number
}

/** Waits for a successful health check, and fails as soon as there cannot be one. */
export async function becomeReady({ instance, view, readyTimeoutMs }: BecomeReadyOptions): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  // Unref'd: when the drill ends for another reason, nobody is left to hear that it is too late.
  const tooLate = setTimeout(readyTimeoutMs, undefined, { signal, ref: false }).then(async () => {
    const check = view.lastCheck(instance.target)
    const last = check?.status === undefined ? check?.result : `status ${check.status}`
    const hint = check?.result === 'refused' ? await explainPort(instance.pid(), instance.target) : ''
    throw new DrillError(
      `${instance.name} was not ready within ${readyTimeoutMs} ms; its last health check: ${last ?? 'none'}.${hint}`,
      instance.output(),
    )
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
