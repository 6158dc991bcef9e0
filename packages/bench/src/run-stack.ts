import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createInstance, startBalancerView, startTraffic } from 'lastcall/drill'
import type { Instance, Target, Traffic } from 'lastcall/drill'
import type { Balancer } from './balancers/balancer.js'
import { connectDirectly } from './balancers/direct.js'
import { connectFromAfar } from './balancers/distant.js'
import { startHaproxy } from './balancers/haproxy.js'
import { startNginx } from './balancers/nginx.js'
import { answersOn, readinessPath } from './balancers/readiness.js'
import { exitBound } from './exit-bound.js'
import { watchLosses } from './losses.js'
import { findReport } from './report-line.js'
import type { Restart, Stack } from './stack.js'

const path = '/orders'

/** Restarts the backends in turn under traffic. Everything it starts is gone when it settles. */
export async function runStack(stack: Stack, { signal, onStart, onRestart }: RunStackOptions): Promise<void> {
  const undo: (() => Promise<unknown>)[] = []
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  try {
    await Promise.race([carryOut(), aborted])
  } finally {
    for (const step of undo.toReversed()) await step()
  }

  async function carryOut(): Promise<void> {
    const instances: Instance[] = []
    // one after the other: each holds its port before the next one is chosen
    for (let number = 1; number <= stack.instances; number++) {
      const instance = await startInstance(stack, number)
      undo.push(instance.dispose)
      instances.push(instance)
      await Promise.race([answersOn(path, instance.target), instance.failed])
    }
    const backends = instances.map(({ target }) => target)
    const balancer = await startBalancer(stack, backends)
    undo.push(balancer.stop)
    const failed = Promise.race(instances.map((instance) => instance.failed))
    await Promise.race([Promise.all(backends.map(balancer.becomesReady)), failed])
    if (stack.probed) {
      const probe = startBalancerView({ targets: backends, path: readinessPath, intervalMs: 1_000 })
      undo.push(probe.stop)
    }

    const losses = watchLosses()
    const { targets, isReady } = balancer
    const traffic = startTraffic({
      targets,
      ...(isReady && { isReady }),
      routes: { get: path, post: path },
      crowd: stack.crowd,
      seed: stack.seed,
      onExchange: losses.see,
    })
    undo.push(traffic.stop)
    onStart()
    await Promise.race([calm(), failed])
    for (let number = 1; number <= stack.restarts; number++) {
      const instance = instances[(number - 1) % instances.length]
      if (!instance) throw new TypeError('a stack needs at least one instance')
      onRestart(await Promise.race([restart({ number, instance, balancer, traffic, losses }), failed]))
    }
  }
}

export interface RunStackOptions {
  readonly signal: AbortSignal
  readonly onStart: () => void
  readonly onRestart: (restart: Restart) => void
}

interface Parts {
  readonly number: number
  readonly instance: Instance
  readonly balancer: Balancer
  readonly traffic: Traffic
  readonly losses: ReturnType<typeof watchLosses>
}

async function restart({ number, instance, balancer, traffic, losses }: Parts): Promise<Restart> {
  const before = traffic.tally()
  const errorsBefore = await balancer.countErrors()
  losses.begin()
  const ending = await instance.stop()
  const output = instance.output()
  const report = findReport(output)
  instance.start()
  await balancer.becomesReady(instance.target)
  await calm()
  const after = traffic.tally()
  const errorsAfter = await balancer.countErrors()
  const errors = errorsBefore &&
    errorsAfter && {
      connecting: errorsAfter.connecting - errorsBefore.connecting,
      responding: errorsAfter.responding - errorsBefore.responding,
    }
  const lost = losses.take()
  // nginx goes on trying who has gone, with a line for each attempt: what matters comes first
  const log = (await balancer.takeLog()).slice(0, 4_000)
  const costs = lost.length > 0 || (errors !== undefined && errors.connecting + errors.responding > 0)
  return {
    number,
    instance: `${instance.name} (port ${instance.target.port})`,
    requests: after.requests - before.requests,
    posts: after.posts - before.posts,
    lost,
    errors,
    stopMs: Math.round(ending.ms),
    exitCode: ending.exitCode,
    exitSignal: ending.exitSignal,
    forced: ending.forced,
    exitBoundMs: report && exitBound(report),
    closed: report?.connections,
    evidence: costs ? [output, log].filter((part) => part !== '') : [],
  }
}

/** Never the same time between two restarts, so that they do not keep step with anything. */
const calm = (): Promise<void> => setTimeout(300 + Math.random() * 500)

async function startInstance({ app, graceMs, env = {} }: Stack, number: number): Promise<Instance> {
  const program = fileURLToPath(new URL(`./apps/${app}.js`, import.meta.url))
  const instance = await createInstance({
    name: `${basename(app)}-${number}`,
    command: [process.execPath, program],
    graceMs,
    env,
  })
  instance.start()
  return instance
}

function startBalancer({ front }: Stack, backends: readonly Target[]): Promise<Balancer> {
  switch (front) {
    case 'haproxy':
      return startHaproxy(backends)
    case 'nginx':
      return startNginx(backends, path)
    case 'direct':
      return Promise.resolve(connectDirectly(backends))
    case 'distant':
      return connectFromAfar(backends)
    default:
      return front satisfies never
  }
}
