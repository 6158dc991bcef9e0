import { Global, Module, type DynamicModule } from '@nestjs/common'
import { LowerEdgeModule, UpperEdgeModule } from './edge.modules.js'
import { LifecycleService } from './lifecycle.service.js'
import type { ShutdownModuleOptions } from './shutdown-module-options.interface.js'
import { SHUTDOWN } from './shutdown.constants.js'
import { ShutdownHealthIndicator } from './shutdown.health-indicator.js'
import { ConfigurableModuleClass } from './shutdown.module-definition.js'
import { shutdownProvider } from './shutdown.provider.js'

/**
 * Graceful shutdown for a Nest app: signals, probes, and a drain that is over before the first of the app's own hooks runs.
 * Import it once, in the root module, and call `app.enableShutdownHooks()`.
 * @example imports: [ShutdownModule.forRoot()]
 */
@Global()
@Module({
  imports: [LowerEdgeModule, UpperEdgeModule],
  providers: [shutdownProvider, LifecycleService, ShutdownHealthIndicator],
  exports: [SHUTDOWN, LifecycleService, ShutdownHealthIndicator],
})
export class ShutdownModule extends ConfigurableModuleClass {
  /** The app does not start with options that are refused: `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`. */
  static override forRoot(options: ShutdownModuleOptions = {}): DynamicModule {
    return super.forRoot(options)
  }
}
