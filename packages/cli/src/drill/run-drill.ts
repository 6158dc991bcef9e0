import { becomeReady } from './app/become-ready.js'
import { createInstance } from './app/instance.js'
import type { Instance } from './app/instance.js'
import type { DrillEvents } from './drill-events.js'
import { inviteGuests } from './guests/invite-guests.js'
import { orAborted } from './interruption/or-aborted.js'
import { createUndo } from './interruption/undo.js'
import type { Undo } from './interruption/undo.js'
import { createObserver } from './observation/observer.js'
import type { DrillOptions } from './options.js'
import type { BalancerView } from './probes/balancer-view.js'
import { startBalancerView } from './probes/balancer-view.js'
import { lookAtApp } from './processes/app-processes.js'
import { createReport } from './report.js'
import type { DrillReport } from './report.js'
import { restartInTurn } from './restart-in-turn.js'
import type { Target } from './target.js'
import { createCrowd } from './traffic/crowd.js'
import { createDoors } from './traffic/doors.js'
import { readBack } from './traffic/read-back.js'
import { listRoutes } from './traffic/routes.js'
import { startTraffic } from './traffic/traffic.js'
import { findLiveness } from './warm-up/find-liveness.js'
import { warmUp } from './warm-up/warm-up.js'

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
  const { paths, seed, headers, named = [] } = options
  const startedAt = performance.now()
  const observer = createObserver(events.recorder)

  events.onStep?.('starting the instances')
  const instances = await createInstances(options, undo)
  const targets = instances.map(({ target }) => target)
  const view = startBalancerView({
    targets,
    path: paths.ready,
    headers,
    required: named.includes('ready'),
    onCheck: observer.seeCheck,
  })
  undo.add(view.stop)
  for (const instance of instances) instance.start()
  await Promise.all(
    instances.map((instance) => becomeReady({ ...options, instance, view, path: paths.ready })),
  )
  const failed = Promise.race(instances.map((instance) => instance.failed))
  failed.catch(() => {
    // seen by whichever step is raced with it
  })

  events.onStep?.('asking each route once')
  const { routes, list, listProblem, leftOut } = await Promise.race([warmUp(targets, options), failed])
  const liveness = await Promise.race([findLiveness(targets, options), failed])
  const readinessProblem = view.knowsReadiness() ? undefined : describeAnswer(view, targets, paths.ready)

  const doors = createDoors({ targets, view, onRefused: observer.seeRefused })
  const traffic = startTraffic({
    ...doors,
    targets,
    routes,
    seed,
    isReady: view.isReady,
    crowd: createCrowd(options.clients),
    onExchange: observer.seeExchange,
    onConnection: events.recorder?.seeConnection,
  })
  undo.add(traffic.stop)
  events.onTraffic?.(traffic)
  const guests = inviteGuests({ ...options, ...doors, onDeparture: observer.seeDeparture })
  undo.add(async () => guests.stop())
  await Promise.race([guests.arrived, failed])

  const restarts = await restartInTurn({
    ...{ options, events, instances, view, traffic, observer, failed },
    liveness: { path: liveness.path, headers },
    readiness: { path: paths.ready, headers },
  })

  events.onStep?.('reading everything back')
  guests.stop()
  const tally = await traffic.stop()
  const rows =
    list === undefined ? undefined : await readBack(traffic.ledger, targets, { path: list, headers })
  const durationMs = Math.round(performance.now() - startedAt)

  events.onStep?.('stopping the instances')
  await Promise.all(instances.map(stop))
  return createReport({
    ...{ options, asked: listRoutes(routes), leftOut, durationMs, traffic: tally, rows, restarts },
    losses: observer.losses,
    unknown: {
      readiness: readinessProblem,
      liveness: liveness.problem,
      stored: listProblem,
    },
  })
}

async function stop(instance: Instance): Promise<void> {
  const { all } = await lookAtApp(instance.pid(), instance.target.port)
  await instance.stop({ known: all })
}

/** What those who are there say of a path that is not. */
function describeAnswer(view: BalancerView, targets: readonly Target[], path: string): string {
  const status = targets.map((target) => view.lastCheck(target)?.status).find((code) => code !== undefined)
  return `GET ${path} answers ${status ?? 'nothing'}`
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
