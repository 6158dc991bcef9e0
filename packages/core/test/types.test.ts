import {
  createShutdown,
  getShutdown,
  ShutdownError,
  type Hold,
  type Logger,
  type Participant,
  type Phase,
  type Report,
  type Shutdown,
  type ShutdownErrorCode,
  type ShutdownOptions,
} from '@lastcall/core'
import t from 'tap'

// what this file is about is checked when it is compiled
export async function compiles(logger: Logger): Promise<Report> {
  const options: ShutdownOptions = {
    gracePeriodMs: 30_000,
    platform: 'kubernetes',
    lameDuck: { minMs: 5_000 },
    lastCall: false,
    signals: ['SIGTERM'],
    guardian: 'worker',
    readiness: async () => true,
    logger,
    onReport: ({ verdict, exitCode }) => console.log(verdict, exitCode),
  }
  const shutdown: Shutdown = createShutdown(options)
  // @ts-expect-error -- misspelt
  createShutdown({ gracePeriod: 30_000 })
  // @ts-expect-error -- not a duration
  createShutdown({ gracePeriodMs: '30s' })
  // @ts-expect-error -- not a signal
  createShutdown({ signals: ['SIGSTOPPED'] })
  // @ts-expect-error -- read-only
  shutdown.phase = 'stopped'

  const participant: Participant = {
    onDrain: ({ signal, remainingMs }) => console.log(signal.aborted, remainingMs),
    dependsOn: ['postgres'],
  }
  const undo: () => void = shutdown.register('consumer', participant)
  shutdown.register('postgres', async () => {})
  // @ts-expect-error -- no phase of that name
  shutdown.register('misspelt', { onDraining() {} })
  undo()

  const hold: Hold = getShutdown().hold('webhook', 'order 4711')
  hold.release()
  const tracked: number = await shutdown.track(Promise.resolve(1), 'mail')
  const unsubscribe: () => void = shutdown.subscribe((phase: Phase) => console.log(phase, tracked))
  unsubscribe()
  return shutdown.begin('upgrade', { exit: true })
}

t.test('the code of an error is one of those that are documented', async (t) => {
  const code: ShutdownErrorCode = 'ERR_LASTCALL_OPTION'
  t.throws(() => createShutdown({ gracePeriodMs: -1 }), { constructor: ShutdownError, code })
})
