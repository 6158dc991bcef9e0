import { longestTimerMs } from './clock.js'
import { badOption } from './errors.js'
import { duration } from './option-rules.js'

/** The names that the option `platform` takes. */
export type PlatformName =
  | 'pm2'
  | 'container-apps'
  | 'cloud-run'
  | 'ecs'
  | 'heroku'
  | 'fly'
  | 'render'
  | 'railway'
  | 'nomad'
  | 'systemd'
  | 'kubernetes'
  | 'docker'

export interface Platform {
  readonly name: PlatformName
  /** What the platform allows from its stop signal to SIGKILL when nobody configured it, in ms. */
  readonly gracePeriodMs: number
  /** When its routers stop sending traffic: before the stop signal, around it, or never by themselves. */
  readonly removesTraffic: 'before' | 'around' | 'never'
}

type Env = Readonly<Record<string, string | undefined>>

interface Row extends Platform {
  isIt(env: Env, pid: number): boolean
}

/**
 * First match wins: a process manager or a managed container is closer to the process than the Kubernetes under it.
 * Grace periods are the documented defaults of each platform.
 */
const rows: readonly Row[] = [
  { name: 'pm2', gracePeriodMs: 1_600, removesTraffic: 'never', isIt: (env) => env['pm_id'] !== undefined },
  {
    name: 'container-apps',
    gracePeriodMs: 30_000,
    removesTraffic: 'around',
    isIt: has('CONTAINER_APP_NAME'),
  },
  { name: 'cloud-run', gracePeriodMs: 10_000, removesTraffic: 'before', isIt: has('K_SERVICE') },
  {
    name: 'ecs',
    gracePeriodMs: 30_000,
    removesTraffic: 'before',
    isIt: has('ECS_CONTAINER_METADATA_URI_V4'),
  },
  { name: 'heroku', gracePeriodMs: 30_000, removesTraffic: 'around', isIt: has('DYNO') },
  { name: 'fly', gracePeriodMs: 5_000, removesTraffic: 'around', isIt: has('FLY_APP_NAME') },
  { name: 'render', gracePeriodMs: 30_000, removesTraffic: 'before', isIt: has('RENDER') },
  { name: 'railway', gracePeriodMs: 3_000, removesTraffic: 'before', isIt: has('RAILWAY_ENVIRONMENT') },
  { name: 'nomad', gracePeriodMs: 5_000, removesTraffic: 'before', isIt: has('NOMAD_ALLOC_ID') },
  // inherited by every child of the service: only the process systemd started itself gets the signal from it
  {
    name: 'systemd',
    gracePeriodMs: 90_000,
    removesTraffic: 'never',
    isIt: (env, pid) => env['SYSTEMD_EXEC_PID'] === String(pid),
  },
  {
    name: 'kubernetes',
    gracePeriodMs: 30_000,
    removesTraffic: 'around',
    isIt: has('KUBERNETES_SERVICE_HOST'),
  },
]

const docker: Platform = { name: 'docker', gracePeriodMs: 10_000, removesTraffic: 'never' }

export const platformNames: readonly PlatformName[] = [...rows.map((row) => row.name), docker.name]

/** The platform by its name, or by the environment variables it sets; undefined when none is recognised. */
export function recognisePlatform(env: Env, pid: number, wanted?: PlatformName): Platform | undefined {
  const found =
    wanted === docker.name ? docker : rows.find((row) => (wanted ? row.name === wanted : row.isIt(env, pid)))
  if (!found) return undefined
  const { name, gracePeriodMs, removesTraffic } = found
  if (name === 'pm2') {
    const graceMs = positive(env['kill_timeout']) ?? gracePeriodMs
    // in cluster mode its daemon hands new connections to the others as soon as a listener closes; in fork mode nothing
    // stands in front
    return {
      name,
      gracePeriodMs: graceMs,
      removesTraffic: env['exec_mode'] === 'cluster_mode' ? 'before' : 'never',
    }
  }
  if (name === 'railway') {
    // without draining seconds Railway stops a deployment at once; its documented default is kept for a zero
    const graceMs = positive(env['RAILWAY_DEPLOYMENT_DRAINING_SECONDS'], 1_000) ?? gracePeriodMs
    return { name, gracePeriodMs: graceMs, removesTraffic }
  }
  return { name, gracePeriodMs, removesTraffic }
}

/** `LASTCALL_GRACE_PERIOD_MS`, undefined when it is not set. Throws `ERR_LASTCALL_OPTION` when it is no duration. */
export function gracePeriodFromEnv(env: Env): number | undefined {
  const text = env['LASTCALL_GRACE_PERIOD_MS']
  if (text === undefined || text === '') return undefined
  const ms = Number(text)
  const { allowed, fits } = duration(100)
  if (!fits(ms)) throw badOption('LASTCALL_GRACE_PERIOD_MS', text, allowed)
  return ms
}

function has(variable: string): (env: Env) => boolean {
  return (env) => env[variable] !== undefined
}

/** A duration in a variable, in ms. */
function positive(text: string | undefined, unitMs = 1): number | undefined {
  const ms = Number(text) * unitMs
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, longestTimerMs) : undefined
}
