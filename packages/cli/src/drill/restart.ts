import { becomeReady } from './app/become-ready.js'
import type { Instance } from './app/instance.js'
import type { Exit } from './app/run.js'
import { DrillError } from './drill-error.js'
import type { ObservedRestart, Processes } from './observation/observed.js'
import type { RestartWatch, Seen } from './observation/restart-watch.js'
import type { Timeline } from './observation/timeline.js'
import type { BalancerView } from './probes/balancer-view.js'
import type { HealthCheckOptions } from './probes/health-check.js'
import { isAccepting } from './probes/is-accepting.js'
import { watchLiveness } from './probes/watch-liveness.js'
import type { AppProcesses } from './processes/app-processes.js'
import { findLeftBehind } from './processes/app-processes.js'
import { findUnsignalled } from './processes/find-unsignalled.js'
import { findListening } from './processes/listening.js'
import { createRandom } from './traffic/random.js'

export interface RestartOptions {
  readonly number: number
  readonly instance: Instance
  readonly view: BalancerView
  readonly timeline: Timeline
  readonly watch: RestartWatch
  readonly readyTimeoutMs: number
  /** Given the last lines that the process printed, when it is gone. */
  readonly onStopped?: ((output: string) => void) | undefined
  /** Right before the signal. */
  readonly before: AppProcesses
  readonly liveness: HealthCheckOptions
  readonly readiness: HealthCheckOptions
  /** When SIGTERM is sent again, ms after the first. */
  readonly again: readonly number[]
}

/** What is known when the new process is ready; traffic is watched and counted until the next restart begins. */
export type Restarted = Omit<ObservedRestart, 'requests' | 'lost' | keyof Seen>

/** Stops one instance as a platform does, starts it again in the same place, and waits until it is ready. */
export async function restart(options: RestartOptions): Promise<Restarted> {
  const { number, instance, timeline, watch, again } = options
  let signals = 0
  let processes: Processes = {
    before: options.before,
    left: [],
    holding: [],
    portHeld: false,
    unsignalled: [],
  }
  const stopAsking = watchLiveness(instance.target, createRandom(number), {
    ...options.liveness,
    onCheck: watch.seeLiveness,
  })
  const ending = await instance.stop({
    known: options.before.all,
    again,
    onSignal(nth) {
      signals = nth
      if (nth > 1) timeline.mark(`SIGTERM sent again (${nth})`)
    },
    async beforeForce() {
      const unsignalled = await findUnsignalled(options.before, instance.target, options.readiness)
      processes = { ...processes, unsignalled }
    },
    async afterExit(exit) {
      stopAsking()
      watch.exited()
      timeline.mark(describeExit(exit))
      processes = { ...processes, ...(await lookAfterExit(options, exit)) }
    },
  })
  options.onStopped?.(instance.output())
  const { exitCode, exitSignal, forced } = ending
  if (await isAccepting(instance.target)) {
    throw new DrillError(
      `${instance.name} cannot start again: a process that is not known to be part of it listens on its port`,
    )
  }
  const startedAt = performance.now()
  instance.start()
  timeline.mark('started again')
  await becomeReady({ ...options, path: options.readiness.path })
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
    signals,
    processes,
  }
}

/** Who is left, and whether the port is. */
async function lookAfterExit(
  { instance, before }: RestartOptions,
  { forced }: Exit,
): Promise<Partial<Processes>> {
  const { target } = instance
  const pid = instance.pid()
  if (forced || pid === undefined) return {}
  const left = await findLeftBehind(pid, before)
  const listening = (await findListening(left.map((relative) => relative.pid))) ?? []
  const holding = left.filter((relative) =>
    listening.some((one) => one.pid === relative.pid && one.port === target.port),
  )
  return { left, holding, portHeld: await isAccepting(target) }
}

function describeExit({ exitCode, exitSignal, forced }: Exit): string {
  if (forced) return 'exit, by force'
  return `exit, ${exitSignal === null ? `code ${exitCode}` : `by ${exitSignal}`}`
}
