import t from 'tap'
import { gracePeriodFromEnv, platformNames, recognisePlatform } from '#src/platform.js'

const pid = 4_711

const table = [
  { env: { pm_id: '0' }, name: 'pm2', gracePeriodMs: 1_600, removesTraffic: 'never' },
  {
    env: { CONTAINER_APP_NAME: 'a' },
    name: 'container-apps',
    gracePeriodMs: 30_000,
    removesTraffic: 'around',
  },
  { env: { K_SERVICE: 'a' }, name: 'cloud-run', gracePeriodMs: 10_000, removesTraffic: 'before' },
  {
    env: { ECS_CONTAINER_METADATA_URI_V4: 'a' },
    name: 'ecs',
    gracePeriodMs: 30_000,
    removesTraffic: 'before',
  },
  { env: { DYNO: 'web.1' }, name: 'heroku', gracePeriodMs: 30_000, removesTraffic: 'around' },
  { env: { FLY_APP_NAME: 'a' }, name: 'fly', gracePeriodMs: 5_000, removesTraffic: 'around' },
  { env: { RENDER: 'true' }, name: 'render', gracePeriodMs: 30_000, removesTraffic: 'before' },
  { env: { RAILWAY_ENVIRONMENT: 'a' }, name: 'railway', gracePeriodMs: 3_000, removesTraffic: 'before' },
  { env: { NOMAD_ALLOC_ID: 'a' }, name: 'nomad', gracePeriodMs: 5_000, removesTraffic: 'before' },
  { env: { SYSTEMD_EXEC_PID: '4711' }, name: 'systemd', gracePeriodMs: 90_000, removesTraffic: 'never' },
  {
    env: { KUBERNETES_SERVICE_HOST: 'a' },
    name: 'kubernetes',
    gracePeriodMs: 30_000,
    removesTraffic: 'around',
  },
] as const

for (const { env, ...platform } of table) {
  t.test(`${platform.name} is known by ${Object.keys(env).join()}, or by its name`, (t) => {
    t.strictSame(recognisePlatform(env, pid), platform)
    t.strictSame(recognisePlatform({}, pid, platform.name), platform)
    t.end()
  })
}

t.test('where nothing is recognised there is no platform', (t) => {
  t.equal(recognisePlatform({}, pid), undefined)
  t.end()
})

t.test('Docker is known by its name only', (t) => {
  t.strictSame(recognisePlatform({}, pid, 'docker'), {
    name: 'docker',
    gracePeriodMs: 10_000,
    removesTraffic: 'never',
  })
  t.equal(platformNames.length, table.length + 1)
  t.end()
})

t.test('PM2 first, then Container Apps, Cloud Run, the rest, Kubernetes last', (t) => {
  const env: Record<string, string> = {}
  for (const row of table) Object.assign(env, row.env)
  const found: (string | undefined)[] = []
  for (const row of table) {
    found.push(recognisePlatform(env, pid)?.name)
    for (const variable of Object.keys(row.env)) delete env[variable]
  }
  t.strictSame(
    found,
    table.map(({ name }) => name),
  )
  t.end()
})

t.test('a child of a systemd service is not what systemd signals', (t) => {
  t.equal(recognisePlatform({ SYSTEMD_EXEC_PID: '1' }, pid), undefined)
  t.end()
})

t.test('PM2 removes traffic before the signal in cluster mode only', (t) => {
  t.equal(recognisePlatform({ pm_id: '0', exec_mode: 'cluster_mode' }, pid)?.removesTraffic, 'before')
  t.equal(recognisePlatform({ pm_id: '0', exec_mode: 'fork_mode' }, pid)?.removesTraffic, 'never')
  t.end()
})

t.test('PM2 says its grace period in ms', (t) => {
  const graceMs = (ms: string): number | undefined =>
    recognisePlatform({ pm_id: '0', kill_timeout: ms }, pid)?.gracePeriodMs
  t.equal(graceMs('8000'), 8_000)
  t.equal(graceMs('soon'), 1_600)
  t.end()
})

t.test('Railway says its grace period in seconds', (t) => {
  const graceMs = (seconds: string): number | undefined =>
    recognisePlatform({ RAILWAY_ENVIRONMENT: 'a', RAILWAY_DEPLOYMENT_DRAINING_SECONDS: seconds }, pid)
      ?.gracePeriodMs
  t.equal(graceMs('20'), 20_000)
  t.equal(graceMs('0'), 3_000)
  t.equal(graceMs('-1'), 3_000)
  t.equal(graceMs('soon'), 3_000)
  t.equal(graceMs('99999999'), 2_147_483_647, 'longer than a timer can be')
  t.end()
})

t.test('LASTCALL_GRACE_PERIOD_MS is read as ms', (t) => {
  t.equal(gracePeriodFromEnv({}), undefined)
  t.equal(gracePeriodFromEnv({ LASTCALL_GRACE_PERIOD_MS: '' }), undefined)
  t.equal(gracePeriodFromEnv({ LASTCALL_GRACE_PERIOD_MS: '100' }), 100)
  t.equal(gracePeriodFromEnv({ LASTCALL_GRACE_PERIOD_MS: '25000' }), 25_000)
  t.end()
})
