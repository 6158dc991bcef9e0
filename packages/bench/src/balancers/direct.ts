import { startBalancerView } from 'lastcall/drill'
import type { Target } from 'lastcall/drill'
import type { Balancer } from './balancer.js'
import { readinessPath } from './readiness.js'

/** None: clients connect to any backend that was ready when it was asked, each 200 ms, and stay with it. */
export function connectDirectly(backends: readonly Target[]): Balancer {
  const view = startBalancerView({ targets: backends, path: readinessPath })
  return {
    targets: backends,
    isReady: view.isReady,
    becomesReady: view.becomesReady,
    countErrors: async () => undefined,
    takeLog: async () => '',
    stop: view.stop,
  }
}
