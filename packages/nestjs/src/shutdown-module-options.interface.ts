import type { Shutdown, ShutdownOptions } from '@lastcall/core'
import type { CloseWebSocketsOptions, ProbePaths } from '@lastcall/core/http'

/** The options of `createShutdown`, and three of its own. */
export interface ShutdownModuleOptions extends ShutdownOptions {
  /** An instance to be part of, instead of one that is made from the other options. */
  readonly shutdown?: Shutdown
  /** Where the probes answer, `/livez` and `/readyz` by default, whatever the global prefix; `false` turns them off. */
  readonly probes?: ProbePaths | false
  /** What the close frames of `ws` gateways say, 1012 by default; `false` leaves the clients of gateways to Nest. */
  readonly webSockets?: CloseWebSocketsOptions | false
}

/** For `forRootAsync` with `useClass` or `useExisting`. */
export interface ShutdownOptionsFactory {
  createShutdownOptions(): ShutdownModuleOptions | Promise<ShutdownModuleOptions>
}
