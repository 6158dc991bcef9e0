import { startBalancerView } from 'lastcall/drill'
import type { Target } from 'lastcall/drill'

/** Where every app here says that it is ready. */
export const readinessPath = '/readyz'

/** Waits for a good answer on `path`, and asks no more when it has come: nobody goes on watching. */
export async function answersOn(path: string, backend: Target): Promise<void> {
  const view = startBalancerView({ targets: [backend], path, intervalMs: 50 })
  try {
    await view.becomesReady(backend)
  } finally {
    await view.stop()
  }
}
