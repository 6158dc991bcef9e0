import { setTimeout } from 'node:timers/promises'
import { startBalancerView } from './balancer-view.js'
import { becomeReady } from './become-ready.js'
import { createCrowd } from './crowd.js'
import { createInstance } from './instance.js'
import type { Instance } from './instance.js'
import type { DrillOptions } from './options.js'
import { orAborted } from './or-aborted.js'
import { between, createRandom } from './random.js'
import { readBack } from './read-back.js'
import type { Recorder } from './recorder.js'
import { createReport } from './report.js'
import type { DrillReport, RestartResult } from './report.js'
import { restart } from './restart.js'
import { startTimeline } from './timeline.js'
import type { Timeline } from './timeline.js'
import { startTraffic } from './traffic.js'
import type { Traffic } from './traffic.js'
import { createUndo } from './undo.js'
import type { Undo } from './undo.js'
import { warmUp } from './warm-up.js'

export interface DrillEvents {
  /** What the drill does next, in words. */
  readonly onStep?: (step: string) => void
  /** The traffic begins; its tally can be read at any time. */
  readonly onTraffic?: (traffic: Traffic) => void
  /** An instance has been restarted. */
  readonly onRestart?: (result: RestartResult) => void
  /** Told everything that is seen around the restarts; without one, nothing of it is kept. */
  readonly recorder?: Recorder | undefined
}

/**
 * Restarts an app's instances in turn under traffic, and reports what that cost its clients.
 * @throws DrillError when the app cannot be drilled, and the reason of `signal` when that fires
 */
export async function runDrill(
  options: DrillOptions,
  signal: AbortSignal,
  events: DrillEvents = {},
): Promise<DrillReport> {
  const undo = createUndo()
  try {
    return await orAborted(carryOut(options, events, undo), signal)
  } finally {
    // The traffic ends when its requests have, and those end at the latest with the instances.
    await undo.run()
  }
}

async function carryOut(options: DrillOptions, events: DrillEvents, undo: Undo): Promise<DrillReport> {
  const { paths, seed } = options
  const { recorder } = events
  const startedAt = performance.now()
  let timeline: Timeline | undefined

  events.onStep?.('starting the instances')
  const instances = await createInstances(options, undo)
  const targets = instances.map(({ target }) => target)
  const view = startBalancerView({
    targets,
    path: paths.ready,
    onCheck(check) {
      timeline?.seeCheck(check)
      recorder?.seeCheck(check)
    },
  })
  undo.add(view.stop)
  for (const instance of instances) instance.start()
  await Promise.all(instances.map((instance) => becomeReady({ ...options, instance, view })))
  const failed = Promise.race(instances.map((instance) => instance.failed))
  failed.catch(() => {
    // seen by whichever step is raced with it
  })

  events.onStep?.('asking each route once')
  const { routes, list, leftOut } = await Promise.race([warmUp(targets, paths), failed])

  const traffic = startTraffic({
    targets,
    routes,
    seed,
    isReady: view.isReady,
    candidates: view.candidates,
    crowd: createCrowd(options.clients),
    onExchange(exchange) {
      timeline?.seeExchange(exchange)
      recorder?.seeExchange(exchange)
    },
    onConnection: recorder?.seeConnection,
  })
  undo.add(traffic.stop)
  events.onTraffic?.(traffic)

  const random = createRandom(seed)
  const calm = (signalledAt = -Infinity): Promise<void> => {
    // Never the same time between two restarts: they must not keep step with the slow requests.
    const restMs = signalledAt + (options.periodMs ?? 0) - performance.now()
    return Promise.race([setTimeout(Math.max(restMs, between(random, [100, 600]))), failed])
  }
  const restarts: RestartResult[] = []
  await calm()
  while (restarts.length < options.restarts) {
    const number = restarts.length + 1
    const instance = turnOf(instances, restarts.length)
    events.onStep?.(`restart ${number} of ${options.restarts}`)
    const before = traffic.tally()
    const signalledAt = performance.now()
    timeline = startTimeline(instance.target)
    recorder?.begin(instance.target)
    const restarted = await Promise.race([
      restart({ ...options, number, instance, view, timeline, onStopped: recorder?.hear }),
      failed,
    ])
    await calm(signalledAt)
    const after = traffic.tally()
    const result = {
      ...restarted,
      requests: after.requests - before.requests,
      lost: after.lost - before.lost,
    }
    restarts.push(result)
    recorder?.end(result)
    events.onRestart?.(result)
  }

  events.onStep?.('reading everything back')
  const tally = await traffic.stop()
  const rows = list === undefined ? undefined : await readBack(traffic.ledger, targets, list)
  const durationMs = Math.round(performance.now() - startedAt)

  events.onStep?.('stopping the instances')
  await Promise.all(instances.map((instance) => instance.stop()))
  return createReport({ options, leftOut, durationMs, traffic: tally, rows, restarts })
}

async function createInstances(options: DrillOptions, undo: Undo): Promise<readonly Instance[]> {
  const instances: Instance[] = []
  for (let number = 1; number <= options.instances; number++) {
    const instance = await createInstance({ ...options, name: `instance ${number}` })
    undo.add(instance.dispose)
    instances.push(instance)
  }
  return instances
}

function turnOf(instances: readonly Instance[], turn: number): Instance {
  const instance = instances[turn % instances.length]
  if (instance === undefined) throw new TypeError('A drill needs at least one instance')
  return instance
}
