import type { BalancerView } from './balancer-view.js'
import { becomeReady } from './become-ready.js'
import type { Instance } from './instance.js'
import type { RestartResult } from './report.js'
import type { Timeline } from './timeline.js'

export interface RestartOptions {
  readonly number: number
  readonly instance: Instance
  readonly view: BalancerView
  readonly timeline: Timeline
  readonly readyTimeoutMs: number
  /** Given the last lines that the process printed, when it is gone. */
  readonly onStopped?: ((output: string) => void) | undefined
}

/** What is known when the new process is ready; the traffic is counted until the next restart begins. */
export type Restarted = Omit<RestartResult, 'requests' | 'lost'>

/** Stops one instance as a platform does, starts it again in the same place, and waits until it is ready. */
export async function restart(options: RestartOptions): Promise<Restarted> {
  const { number, instance, timeline, onStopped } = options
  const ending = await instance.stop()
  const { exitCode, exitSignal, forced } = ending
  timeline.mark(
    forced ? 'exit, by force' : `exit, ${exitSignal === null ? `code ${exitCode}` : `by ${exitSignal}`}`,
  )
  onStopped?.(instance.output())
  const startedAt = performance.now()
  instance.start()
  timeline.mark('started again')
  await becomeReady(options)
  timeline.mark('ready')
  return {
    number,
    instance: instance.name,
    exitCode,
    exitSignal,
    forced,
    stopMs: Math.round(ending.ms),
    startMs: Math.round(performance.now() - startedAt),
    servedAfterSignal: timeline.served(),
    timeline: timeline.events(),
  }
}
