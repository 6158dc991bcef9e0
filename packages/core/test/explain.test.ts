import { explain } from '@lastcall/core/explain'
import t from 'tap'
import { runUntilSignal } from './run-fixture.js'

const run = (t: Parameters<typeof runUntilSignal>[0], env: Record<string, string>) =>
  runUntilSignal(t, 'explain', { env })

t.test('LASTCALL_EXPLAIN=1 prints the budget once, and where each number comes from', async (t) => {
  const { stderr } = await run(t, { LASTCALL_EXPLAIN: '1', LASTCALL_GRACE_PERIOD_MS: '20000' })
  const lines = stderr.split('\n').filter((line) => line.includes('"explain"'))
  t.equal(lines.length, 1)
  t.strictSame(JSON.parse(lines[0] ?? ''), {
    level: 'info',
    name: 'lastcall',
    msg: 'the budget',
    explain: {
      platform: null,
      values: {
        gracePeriodMs: { ms: 20_000, from: 'environment' },
        marginMs: { ms: 1_000, from: 'derived' },
        guardMs: { ms: 19_000, from: 'derived' },
        releaseMs: { ms: 3_800, from: 'derived' },
        drainDeadlineMs: { ms: 15_200, from: 'derived' },
        'lameDuck.minMs': { ms: 3_166, from: 'derived' },
        'lameDuck.quietMs': { ms: 1_000, from: 'derived' },
        'lameDuck.maxMs': { ms: 6_000, from: 'option' },
        'lastCall.maxMs': { ms: 0, from: 'option' },
        'lastCall.idleMs': { ms: 0, from: 'option' },
        cancelMs: { ms: 2_000, from: 'derived' },
      },
    },
  })
})

t.test('it is read before the signal: the line is there when the app says that it is ready', async (t) => {
  const { stderr } = await run(t, { LASTCALL_EXPLAIN: '1', KUBERNETES_SERVICE_HOST: '10.0.0.1' })
  const [first = ''] = stderr.split('\n')
  t.match(JSON.parse(first), {
    explain: {
      platform: 'kubernetes',
      values: { gracePeriodMs: { ms: 30_000, from: 'platform' } },
    },
  })
})

t.test('nothing is printed unless it is asked for', async (t) => {
  for (const env of [{}, { LASTCALL_EXPLAIN: '' }, { LASTCALL_EXPLAIN: '0' }] as Record<string, string>[]) {
    const { stdout, stderr } = await run(t, env)
    t.notMatch(`${stdout}${stderr}`, 'explain')
  }
})

t.test('a platform that removes traffic first is why lame duck has no minimum', (t) => {
  const { platform, values } = explain({ platform: 'ecs' })
  t.equal(platform, 'ecs')
  t.strictSame(values.gracePeriodMs, { ms: 30_000, from: 'platform' })
  t.strictSame(values['lameDuck.minMs'], { ms: 0, from: 'platform' })
  t.end()
})

t.test('what createShutdown refuses is refused', (t) => {
  t.throws(() => explain({ gracePeriodMs: 1 }), { code: 'ERR_LASTCALL_OPTION' })
  t.throws(() => explain({}, { LASTCALL_GRACE_PERIOD_MS: '30' }), { code: 'ERR_LASTCALL_OPTION' })
  t.end()
})
