import type { Clock } from './clock.js'
import { notAShutdown } from './errors.js'
import type { Logger } from './logger.js'
import type { ResolvedOptions } from './options.js'
import type { Report } from './report.js'
import type { Serving } from './serving.js'
import type { Shutdown } from './shutdown.js'

/**
 * @internal What `core/http` and the adapters may do with an instance beyond its public surface.
 * Found under a registered symbol, since instance and adapter may come from different copies of the package.
 */
export interface Internals {
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly log: Logger
  /** Makes it one of those whose traffic the phases are about. */
  serve(server: Serving): () => void
  /** A server listens: ready, unless the app wants to say so itself. */
  listening(): void
  /** A framework listens to signals itself, and its adapter gets along with that: no warning. */
  expectListener(is: (listener: (...args: never[]) => unknown) => boolean): void
  /** Throws what `ready()` would throw, for frameworks whose start can still fail. */
  checkParticipants(): void
  /** The app was closed by its own code: draining at once, for this instance alone. */
  close(reason: string): Promise<Report>
  /** Settles when releasing begins. */
  whenDrained(): Promise<void>
  /** Settles when every participant was attempted. */
  whenReleased(): Promise<void>
  /** A shutdown of the whole process has begun. */
  readonly isProcessWide: boolean
  /** Begins every live instance, or joins, and leaves the exit to the signal that follows. Settles when nothing is in flight. */
  drainProcess(reason: string): Promise<readonly Report[]>
  /** Settles when this instance has stopped, and in a process-wide shutdown not before the process may end. */
  whenOver(): Promise<void>
  /** What `/readyz` answers; remembers that somebody asked. */
  checkReadiness(): Promise<boolean>
}

export const internals: unique symbol = Symbol.for('lastcall.internals.1') as never

/** @internal Throws `ERR_LASTCALL_NOT_A_SHUTDOWN`. */
export function internalsOf(shutdown: Shutdown): Internals {
  const found = (shutdown as Partial<Record<typeof internals, Internals>> | undefined | null)?.[internals]
  if (!found) throw notAShutdown(shutdown)
  return found
}
