import { createServer } from 'node:http'
import { createShutdown, type Shutdown, type ShutdownErrorCode, type ShutdownOptions } from '@lastcall/core'
import { createAdminServer, drainServer } from '@lastcall/core/http'

/** What a code means. */
export interface ErrorCode {
  readonly when: string
  readonly advice: string
  /** Makes it happen; throws, rejects or returns the error. */
  readonly provoke: () => unknown
}

/** Every code there is, in the order of the page. */
export const errorCodes: Readonly<Record<ShutdownErrorCode, ErrorCode>> = {
  ERR_LASTCALL_OPTION: {
    when: 'At start-up: an option has a wrong name, type or range, `LASTCALL_GRACE_PERIOD_MS` is no duration, or options stand beside a `shutdown` that has its own.',
    advice: 'The message says what is allowed.',
    provoke: () => quiet({ gracePeriodMs: 10 }),
  },
  ERR_LASTCALL_BUDGET: {
    when: 'At start-up: the phases you set do not fit into the grace period. Derived ones always fit.',
    advice: 'Shorten one, or raise `gracePeriodMs`; the message has the arithmetic.',
    provoke: () => quiet({ gracePeriodMs: 10_000, lameDuck: { maxMs: 6_000 }, lastCall: { maxMs: 3_000 } }),
  },
  ERR_LASTCALL_PARTICIPANT: {
    when: '`register` gets no name, something that is no callback, or a callback that does not exist.',
    advice:
      'Pass a function, or an object with `onLameDuck`, `onLastCall`, `onDrain`, `onCancel`, `onRelease`, `dependsOn`, `timeoutMs`.',
    // a user's JavaScript, which no type holds back
    provoke: () => quiet().register('postgres', { onClose: () => {} } as never),
  },
  ERR_LASTCALL_DUPLICATE: {
    when: '`register` gets a name that is taken.',
    advice: 'Choose another; `register` returns a function that gives a name back.',
    provoke() {
      const shutdown = quiet()
      shutdown.register('postgres', () => {})
      shutdown.register('postgres', () => {})
    },
  },
  ERR_LASTCALL_UNKNOWN: {
    when: 'At `ready()`, which adapters call when the server listens: `dependsOn` names nobody. Later it is logged, the report is `failed`, and the name is ignored.',
    advice: 'Register what is missing, or correct the name.',
    provoke() {
      const shutdown = quiet()
      shutdown.register('orders', { dependsOn: ['postgress'] })
      shutdown.ready()
    },
  },
  ERR_LASTCALL_CYCLE: {
    when: 'At `ready()`: participants depend on each other in a circle. Later it is logged, the report is `failed`, and one dependence is dropped.',
    advice: 'Remove one `dependsOn` of the path in the message.',
    provoke() {
      const shutdown = quiet()
      shutdown.register('orders', { dependsOn: ['cache'] })
      shutdown.register('cache', { dependsOn: ['orders'] })
      shutdown.ready()
    },
  },
  ERR_LASTCALL_TIMEOUT: {
    when: 'Never thrown: in the log, as a message in the report, and as the `reason` of the `signal` of a callback, when something did not finish in its time. The exit code is 1 where it was cut.',
    advice:
      'Look at what it names: pass its `signal` on, give it more time with `timeoutMs`, or raise the grace period.',
    async provoke() {
      const shutdown = quiet()
      let reason: unknown
      shutdown.register('postgres', {
        timeoutMs: 100,
        onRelease: ({ signal }) =>
          new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason))),
      })
      await shutdown.begin('a test')
      return reason
    },
  },
  ERR_LASTCALL_TOO_LATE: {
    when: 'A hold is taken in releasing or later; something is registered, or an admin server made, when all is over.',
    advice: 'Take it earlier, or leave the work to the next process.',
    async provoke() {
      const shutdown = quiet()
      await shutdown.begin('a test')
      shutdown.hold('webhook')
    },
  },
  ERR_LASTCALL_NOT_A_SHUTDOWN: {
    when: 'A function of `@lastcall/core/http` or an option `shutdown` gets something else.',
    advice: 'Pass what `createShutdown()` or `getShutdown()` returned; in Fastify, `app.shutdown`.',
    provoke: () => drainServer(createServer(), {} as Shutdown),
  },
  ERR_LASTCALL_NOT_A_SERVER: {
    when: '`drainServer`, or `attach` of `@lastcall/express`, gets no server of `node:http`, `node:https` or `node:http2`.',
    advice: 'Pass the server: not the app, its address or its handler.',
    provoke: () => drainServer((() => {}) as never, quiet()),
  },
  ERR_LASTCALL_LISTEN: {
    when: '`createAdminServer` cannot listen. The original error is the `cause`.',
    advice:
      'Choose another port or address, which the message names with the reason. In a cluster each worker needs a port of its own.',
    async provoke() {
      const shutdown = quiet()
      const { port } = await createAdminServer(shutdown, { port: 0 })
      try {
        await createAdminServer(shutdown, { port })
      } catch (error) {
        return { ...(error as object), message: (error as Error).message.replace(`${port}`, '9090') }
      } finally {
        await shutdown.begin('a test')
      }
      return undefined
    },
  },
}

const quiet = (options: ShutdownOptions = {}): Shutdown =>
  createShutdown({ signals: false, logger: { info() {}, warn() {}, error() {} }, ...options })
