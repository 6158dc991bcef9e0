import type { Clock } from './clock.js'
import type { Phase } from './phases.js'

/** What the process says of itself. `live` is true as long as it can be asked at all. */
export interface Health {
  readonly live: boolean
  readonly ready: boolean
  readonly phase: Phase
}

/** The longest a readiness check of the app may take: the default `timeoutSeconds` of a Kubernetes probe. */
const readinessTimeoutMs = 1_000

/** Ready only if the phase says so before and after the app's own check; late, false and throwing are all "no". */
export async function checkReadiness(
  isReady: () => boolean,
  appCheck: (() => boolean | Promise<boolean>) | undefined,
  clock: Clock,
): Promise<boolean> {
  if (!isReady()) return false
  if (!appCheck) return true
  let cancel = (): void => {}
  const late = new Promise<false>((resolve) => {
    cancel = clock.after(readinessTimeoutMs, () => resolve(false))
  })
  try {
    const answer = await Promise.race([appCheck(), late])
    return answer === true && isReady()
  } catch {
    return false
  } finally {
    cancel()
  }
}
