import { Global, Module, type DynamicModule } from '@nestjs/common'
import { ShutdownCoreModule } from './shutdown-core.module.js'
import type { ShutdownModuleOptions } from './shutdown-module-options.interface.js'
import { ConfigurableModuleClass } from './shutdown.module-definition.js'

/**
 * Graceful shutdown for a Nest app: signals, probes, and a drain that is over before the first of the app's own hooks runs.
 * Import it once, in the root module, and call `app.enableShutdownHooks()`.
 * @example imports: [ShutdownModule.forRoot()]
 */
@Global()
@Module({ imports: [ShutdownCoreModule] })
export class ShutdownModule extends ConfigurableModuleClass {
  /** The app does not start with options that are refused: `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`. */
  static override forRoot(options: ShutdownModuleOptions = {}): DynamicModule {
    return super.forRoot(options)
  }
}
