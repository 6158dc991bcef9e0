import { Global, Module } from '@nestjs/common'
import { LowerEdgeModule, UpperEdgeModule } from './edge.modules.js'
import { LifecycleService } from './lifecycle.service.js'
import { SHUTDOWN } from './shutdown.constants.js'
import { ShutdownHealthIndicator } from './shutdown.health-indicator.js'
import { shutdownProvider } from './shutdown.provider.js'

/** One for an app, however often `ShutdownModule` is imported: each `forRoot()` is a module of its own to Nest. */
@Global()
@Module({
  imports: [LowerEdgeModule, UpperEdgeModule],
  providers: [shutdownProvider, LifecycleService, ShutdownHealthIndicator],
  exports: [SHUTDOWN, LifecycleService, ShutdownHealthIndicator],
})
export class ShutdownCoreModule {}
