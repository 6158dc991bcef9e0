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

/** A variable that the platform sets, or what tells it from others that have it. */
type Sign = string | ((env: Env, pid: number) => boolean)

/**
 * First match wins: a process manager or a managed container is closer to the process than the Kubernetes under it.
 * Grace periods are the documented defaults of each platform.
 */
const rows: readonly (readonly [
  name: PlatformName,
  gracePeriodMs: number,
  removesTraffic: Platform['removesTraffic'],
  sign: Sign,
])[] = [
  ['pm2', 1_600, 'never', 'pm_id'],
  ['container-apps', 30_000, 'around', 'CONTAINER_APP_NAME'],
  ['cloud-run', 10_000, 'before', 'K_SERVICE'],
  ['ecs', 30_000, 'before', 'ECS_CONTAINER_METADATA_URI_V4'],
  ['heroku', 30_000, 'around', 'DYNO'],
  ['fly', 5_000, 'around', 'FLY_APP_NAME'],
  ['render', 30_000, 'before', 'RENDER'],
  ['railway', 3_000, 'before', 'RAILWAY_ENVIRONMENT'],
  ['nomad', 5_000, 'before', 'NOMAD_ALLOC_ID'],
  // inherited by every child of the service: only the process systemd started itself gets the signal from it
  ['systemd', 90_000, 'never', (env, pid) => env['SYSTEMD_EXEC_PID'] === String(pid)],
  ['kubernetes', 30_000, 'around', 'KUBERNETES_SERVICE_HOST'],
  // known by its name only
  ['docker', 10_000, 'never', () => false],
]

export const platformNames: readonly PlatformName[] = rows.map(([name]) => name)

/** The platform by its name, or by the environment variables it sets; undefined when none is recognised. */
export function recognisePlatform(env: Env, pid: number, wanted?: PlatformName): Platform | undefined {
  const isSet = (sign: Sign): boolean => (typeof sign === 'string' ? env[sign] !== undefined : sign(env, pid))
  const found = rows.find(([name, , , sign]) => (wanted ? name === wanted : isSet(sign)))
  if (!found) return undefined
  const [name, gracePeriodMs, removesTraffic] = found
  if (name === 'pm2') {
    return {
      name,
      gracePeriodMs: positive(env['kill_timeout']) ?? gracePeriodMs,
      // in cluster mode its daemon hands new connections to the others as soon as a listener closes; in fork mode nothing
      // stands in front
      removesTraffic: env['exec_mode'] === 'cluster_mode' ? 'before' : removesTraffic,
    }
  }
  // without draining seconds Railway stops a deployment at once, and there is nothing to divide: 3 s is what it once gave
  const ownMs = name === 'railway' && positive(env['RAILWAY_DEPLOYMENT_DRAINING_SECONDS'], 1_000)
  return { name, gracePeriodMs: ownMs || gracePeriodMs, removesTraffic }
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

/** A duration in a variable, in ms. */
function positive(text: string | undefined, unitMs = 1): number | undefined {
  const ms = Number(text) * unitMs
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, longestTimerMs) : undefined
}
