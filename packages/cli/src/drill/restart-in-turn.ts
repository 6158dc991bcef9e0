import { setTimeout } from 'node:timers/promises'
import type { Instance } from './app/instance.js'
import type { DrillEvents } from './drill-events.js'
import type { ObservedRestart } from './observation/observed.js'
import type { Observer } from './observation/observer.js'
import type { DrillOptions } from './options.js'
import type { BalancerView } from './probes/balancer-view.js'
import type { HealthCheckOptions } from './probes/health-check.js'
import { lookAtApp } from './processes/app-processes.js'
import { restart } from './restart.js'
import { between, createRandom } from './traffic/random.js'
import type { Traffic } from './traffic/traffic.js'

export interface RestartInTurnOptions {
  readonly options: DrillOptions
  readonly events: DrillEvents
  readonly instances: readonly Instance[]
  readonly view: BalancerView
  readonly traffic: Traffic
  readonly observer: Observer
  readonly liveness: HealthCheckOptions
  readonly readiness: HealthCheckOptions
  /** An instance has ended by itself. */
  readonly failed: Promise<never>
}

/** Platforms and wrappers repeat the signal: at once, and when an app may have begun to close. */
const againMs: readonly number[] = [100, 300]

/** Restarts one instance after the other, with a short rest after each. */
export async function restartInTurn(given: RestartInTurnOptions): Promise<readonly ObservedRestart[]> {
  const { options, events, instances, view, traffic, observer, liveness, readiness, failed } = given
  const random = createRandom(options.seed)
  const calm = (signalledAt = -Infinity): Promise<void> => {
    // Never the same time between two restarts: they must not keep step with the slow requests.
    const restMs = signalledAt + (options.periodMs ?? 0) - performance.now()
    return Promise.race([setTimeout(Math.max(restMs, between(random, [100, 600]))), failed])
  }
  const restarts: ObservedRestart[] = []
  await calm()
  for (let number = 1; number <= options.restarts; number++) {
    const instance = turnOf(instances, number - 1)
    events.onStep?.(`restart ${number} of ${options.restarts}`)
    const before = await lookAtApp(instance.pid(), instance.target.port)
    const tally = traffic.tally()
    const signalledAt = performance.now()
    const { timeline, watch } = observer.beginRestart(number, instance.target)
    // The last one, and there has to be another to compare it with.
    const again = number > 1 && number === options.restarts ? againMs : []
    const { readyTimeoutMs } = options
    const restarted = await Promise.race([
      restart({
        number,
        instance,
        view,
        timeline,
        watch,
        before,
        liveness,
        readiness,
        again,
        readyTimeoutMs,
        onStopped: events.recorder?.hear,
      }),
      failed,
    ])
    await calm(signalledAt)
    const after = traffic.tally()
    const result = {
      ...restarted,
      ...watch.seen(),
      requests: after.requests - tally.requests,
      lost: after.lost - tally.lost,
    }
    restarts.push(result)
    events.recorder?.end(result)
    events.onRestart?.(result)
  }
  return restarts
}

function turnOf(instances: readonly Instance[], turn: number): Instance {
  const instance = instances[turn % instances.length]
  if (instance === undefined) throw new TypeError('A drill needs at least one instance')
  return instance
}
