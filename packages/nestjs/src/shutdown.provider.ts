import type { Shutdown } from '@lastcall/core'
import { shutdownFor } from '@lastcall/core/http'
import type { FactoryProvider } from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { nestLogger } from './nest-logger.js'
import type { ShutdownModuleOptions } from './shutdown-module-options.interface.js'
import { SHUTDOWN } from './shutdown.constants.js'
import { SHUTDOWN_OPTIONS } from './shutdown.module-definition.js'

/** One for an app, however often the module is imported. */
const instances = new WeakMap<ModulesContainer, Shutdown>()

/** Throws `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`, and the app does not start. */
export const shutdownProvider: FactoryProvider<Shutdown> = {
  provide: SHUTDOWN,
  inject: [ModulesContainer, { token: SHUTDOWN_OPTIONS, optional: true }],
  useFactory: (modules: ModulesContainer, options: ShutdownModuleOptions = {}) => {
    const { probes: _probes, webSockets: _webSockets, ...rest } = options
    const first = instances.get(modules)
    if (first) {
      nestLogger.warn({}, 'ShutdownModule is imported more than once: the options that came first count')
      return first
    }
    const shutdown = shutdownFor(rest, { logger: nestLogger })
    instances.set(modules, shutdown)
    return shutdown
  },
}
