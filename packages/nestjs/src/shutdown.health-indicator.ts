import type { Phase, Shutdown } from '@lastcall/core'
import { Injectable } from '@nestjs/common'
import { InjectShutdown } from './inject-shutdown.decorator.js'

/** As `@nestjs/terminus` has it. */
export type ShutdownHealth<Key extends string> = Record<
  Key,
  { readonly status: 'up' | 'down'; readonly phase: Phase }
>

/**
 * For a health check of `@nestjs/terminus` that a router asks: down from the instant a shutdown begins. Not for liveness,
 * which would have the process killed in the middle of its work.
 * @example this.health.check([() => this.shutdown.isHealthy()])
 */
@Injectable()
export class ShutdownHealthIndicator {
  private readonly shutdown: Shutdown

  constructor(@InjectShutdown() shutdown: Shutdown) {
    this.shutdown = shutdown
  }

  isHealthy<Key extends string = 'shutdown'>(key: Key = 'shutdown' as Key): ShutdownHealth<Key> {
    const { ready, phase } = this.shutdown.health()
    // a record with one key is what it says
    return { [key]: { status: ready ? 'up' : 'down', phase } } as ShutdownHealth<Key>
  }
}
