import type { Phase } from '@lastcall/core'
import {
  InjectShutdown,
  ShutdownModule,
  type Shutdown,
  type ShutdownHealthIndicator,
  type ShutdownModuleOptions,
  type ShutdownOptionsFactory,
} from '@lastcall/nestjs'
import type { DynamicModule } from '@nestjs/common'
import t from 'tap'

class Settings implements ShutdownOptionsFactory {
  createShutdownOptions(): ShutdownModuleOptions {
    return { gracePeriodMs: 30_000, probes: { live: false }, webSockets: { code: 1_001 } }
  }
}

// what this file is about is checked when it is compiled
export class Compiles {
  @InjectShutdown() declare readonly shutdown: Shutdown

  modules(health: ShutdownHealthIndicator): DynamicModule[] {
    const phase: Phase = health.isHealthy('app').app.phase
    // @ts-expect-error -- read-only
    this.shutdown.phase = phase
    return [
      ShutdownModule.forRoot(),
      ShutdownModule.forRoot({ shutdown: this.shutdown, lameDuck: false }),
      // @ts-expect-error -- misspelt
      ShutdownModule.forRoot({ gracePeriod: 30_000 }),
      // @ts-expect-error -- not a duration
      ShutdownModule.forRoot({ gracePeriodMs: '30s' }),
      ShutdownModule.forRootAsync({ useClass: Settings }),
      ShutdownModule.forRootAsync({ useFactory: async () => ({ probes: false }) }),
    ]
  }
}

t.test('a module without options is one', async (t) => {
  t.equal(ShutdownModule.forRoot().module, ShutdownModule)
})
