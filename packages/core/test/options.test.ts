import { createShutdown, type ShutdownOptions } from '@lastcall/core'
import t from 'tap'
import { resolveOptions } from '#src/options.js'

const resolve = (options: ShutdownOptions, env: Record<string, string> = {}) =>
  resolveOptions(options, env, 1)

t.test('without options everything has its documented default', (t) => {
  t.match(resolve({}), {
    graceMs: 10_000,
    graceFrom: 'default',
    platform: undefined,
    skipLameDuck: false,
    skipLastCall: false,
    minMsGiven: false,
    signals: ['SIGTERM', 'SIGINT'],
    crashes: true,
    exit: true,
    manualReady: false,
    readiness: undefined,
    onReport: undefined,
  })
  t.end()
})

t.test('the grace period: the option, else the environment, else the platform, else 10 s', (t) => {
  const env = { LASTCALL_GRACE_PERIOD_MS: '20000', FLY_APP_NAME: 'orders' }
  const pick = (options: ShutdownOptions, from: Record<string, string>) => {
    const { graceMs, graceFrom } = resolve(options, from)
    return [graceMs, graceFrom]
  }
  t.strictSame(pick({ gracePeriodMs: 30_000 }, env), [30_000, 'option'])
  t.strictSame(pick({}, env), [20_000, 'environment'])
  t.strictSame(pick({}, { ...env, LASTCALL_GRACE_PERIOD_MS: '' }), [5_000, 'platform'])
  t.strictSame(pick({ platform: 'railway' }, { FLY_APP_NAME: 'orders' }), [3_000, 'platform'])
  t.strictSame(pick({}, {}), [10_000, 'default'])
  t.end()
})

t.test('undefined means not given', (t) => {
  const names = [
    'gracePeriodMs',
    'platform',
    'lameDuck',
    'lastCall',
    'cancelMs',
    'releaseMs',
    'signals',
    'crashes',
  ]
  const others = ['exit', 'manualReady', 'guardian', 'readiness', 'logger', 'onReport']
  const options = Object.fromEntries([...names, ...others].map((name) => [name, undefined]))
  t.strictSame(resolve(options).signals, ['SIGTERM', 'SIGINT'])
  t.equal(resolve(options).crashes, true)
  t.strictSame(resolve({ lameDuck: { minMs: undefined } } as never).minMsGiven, false)
  t.end()
})

t.test('what is given is kept', (t) => {
  const readiness = (): boolean => true
  const onReport = (): void => {}
  const resolved = resolve({
    gracePeriodMs: 20_000,
    lameDuck: { minMs: 1_000 },
    lastCall: false,
    signals: ['SIGHUP'],
    crashes: false,
    exit: false,
    manualReady: true,
    guardian: 'timer',
    readiness,
    onReport,
  })
  t.match(resolved, {
    graceMs: 20_000,
    wishes: { lameDuck: { minMs: 1_000 }, lastCall: false },
    skipLameDuck: false,
    skipLastCall: true,
    minMsGiven: true,
    signals: ['SIGHUP'],
    crashes: false,
    exit: false,
    manualReady: true,
  })
  t.equal(resolved.readiness, readiness)
  t.equal(resolved.onReport, onReport)
  t.strictSame(resolve({ signals: false }).signals, [])
  t.equal(resolve({ lameDuck: false }).skipLameDuck, true)
  t.end()
})

const duration = (min: number): string => `a number of ms from ${min} to 2147483647`
const platforms =
  'one of: pm2, container-apps, cloud-run, ecs, heroku, fly, render, railway, nomad, systemd, kubernetes, docker'
const signalNames = `names such as 'SIGTERM', of signals that can be caught`
const optionNames =
  'one of: gracePeriodMs, platform, lameDuck, lastCall, cancelMs, releaseMs, signals, guardian, logger, ' +
  'crashes, exit, manualReady, readiness, onReport'

const wrong: readonly (readonly [options: unknown, message: string])[] = [
  [null, "'options' must be an object, not null"],
  ['10s', "'options' must be an object, not '10s'"],
  [{ gracePeriod: 1 }, `'gracePeriod' must be ${optionNames}, not 1`],
  [{ gracePeriodMs: 99 }, `'gracePeriodMs' must be ${duration(100)}, not 99`],
  [{ gracePeriodMs: '10s' }, `'gracePeriodMs' must be ${duration(100)}, not '10s'`],
  [{ gracePeriodMs: Number.NaN }, `'gracePeriodMs' must be ${duration(100)}, not NaN`],
  [{ gracePeriodMs: Infinity }, `'gracePeriodMs' must be ${duration(100)}, not Infinity`],
  [{ gracePeriodMs: 2 ** 31 }, `'gracePeriodMs' must be ${duration(100)}, not 2147483648`],
  [{ gracePeriodMs: 10n }, `'gracePeriodMs' must be ${duration(100)}, not 10n`],
  [{ gracePeriodMs: null }, `'gracePeriodMs' must be ${duration(100)}, not null`],
  [{ cancelMs: -1 }, `'cancelMs' must be ${duration(0)}, not -1`],
  [{ releaseMs: 0 }, `'releaseMs' must be ${duration(1)}, not 0`],
  [{ platform: 'k8s' }, `'platform' must be ${platforms}, not 'k8s'`],
  [{ lameDuck: true }, "'lameDuck' must be false or an object, not true"],
  [{ lameDuck: null }, "'lameDuck' must be false or an object, not null"],
  [{ lameDuck: 5_000 }, "'lameDuck' must be false or an object, not 5000"],
  [{ lameDuck: { min: 1 } }, "'lameDuck.min' must be one of: minMs, quietMs, maxMs, not 1"],
  [{ lameDuck: { minMs: -1 } }, `'lameDuck.minMs' must be ${duration(0)}, not -1`],
  [{ lameDuck: { minMs: 2, maxMs: 1 } }, "'lameDuck.minMs' must be at most lameDuck.maxMs, 1, not 2"],
  [{ lameDuck: { quietMs: 2, maxMs: 1 } }, "'lameDuck.quietMs' must be at most lameDuck.maxMs, 1, not 2"],
  [{ lastCall: () => {} }, "'lastCall' must be false or an object, not a function"],
  [{ lastCall: { minMs: 1 } }, "'lastCall.minMs' must be one of: maxMs, idleMs, not 1"],
  [{ lastCall: { idleMs: 2, maxMs: 1 } }, "'lastCall.idleMs' must be at most lastCall.maxMs, 1, not 2"],
  [{ signals: true }, "'signals' must be false or an array of signal names, not true"],
  [{ signals: 'SIGTERM' }, "'signals' must be false or an array of signal names, not 'SIGTERM'"],
  [{ signals: ['TERM'] }, `'signals' must be ${signalNames}, not 'TERM'`],
  [{ signals: ['SIGTREM'] }, `'signals' must be ${signalNames}, not 'SIGTREM'`],
  [{ signals: ['SIGTERM', 'SIGKILL'] }, `'signals' must be ${signalNames}, not 'SIGKILL'`],
  [{ signals: ['SIGSTOP'] }, `'signals' must be ${signalNames}, not 'SIGSTOP'`],
  [{ signals: ['SIGUSR1'] }, `'signals' must be ${signalNames}, not 'SIGUSR1'`],
  [{ signals: [15] }, `'signals' must be ${signalNames}, not 15`],
  [{ crashes: 'no' }, "'crashes' must be true or false, not 'no'"],
  [{ exit: 0 }, "'exit' must be true or false, not 0"],
  [{ manualReady: null }, "'manualReady' must be true or false, not null"],
  [{ guardian: 'none' }, "'guardian' must be 'timer' or 'worker', not 'none'"],
  [{ readiness: true }, "'readiness' must be a function, not true"],
  [{ onReport: {} }, "'onReport' must be a function, not an object"],
  [{ logger: null }, "'logger' must be an object with info, warn and error, not null"],
  [{ logger: { info() {} } }, "'logger' must be an object with info, warn and error, not an object"],
  [{ logger: [1, 2] }, "'logger' must be an object with info, warn and error, not an array of 2"],
]

for (const [options, message] of wrong) {
  t.test(`refused: ${message}`, (t) => {
    t.throws(() => createShutdown(options as ShutdownOptions), {
      name: 'ShutdownError',
      code: 'ERR_LASTCALL_OPTION',
      message: `Option ${message}`,
    })
    t.end()
  })
}

t.test('a grace period in the environment that is no duration is refused', (t) => {
  for (const text of ['10s', ' ', '99', '-1', 'NaN', 'Infinity', '2147483648']) {
    t.throws(() => resolve({}, { LASTCALL_GRACE_PERIOD_MS: text }), {
      code: 'ERR_LASTCALL_OPTION',
      message: `Option 'LASTCALL_GRACE_PERIOD_MS' must be ${duration(100)}, not '${text}'`,
    })
  }
  t.end()
})

t.test('what does not fit together is refused when it is configured', (t) => {
  t.throws(() => createShutdown({ gracePeriodMs: 10_000, releaseMs: 9_800 }), { code: 'ERR_LASTCALL_BUDGET' })
  t.end()
})

t.test('a refused instance leaves nothing behind', (t) => {
  const before = process.listenerCount('SIGTERM')
  t.throws(() => createShutdown({ gracePeriodMs: 1 }))
  t.equal(process.listenerCount('SIGTERM'), before)
  t.end()
})
