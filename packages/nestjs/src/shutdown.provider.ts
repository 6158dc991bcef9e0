import type { Shutdown } from '@lastcall/core'
import { internalsOf, shutdownFor } from '@lastcall/core/http'
import type { FactoryProvider } from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { nestLogger } from './nest-logger.js'
import type { ShutdownModuleOptions } from './shutdown-module-options.interface.js'
import { SHUTDOWN, SHUTDOWN_OPTIONS } from './shutdown.constants.js'

/** Throws `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`, and the app does not start. */
export const shutdownProvider: FactoryProvider<Shutdown> = {
  provide: SHUTDOWN,
  inject: [ModulesContainer, { token: SHUTDOWN_OPTIONS, optional: true }],
  useFactory: (modules: ModulesContainer, options: ShutdownModuleOptions = {}) => {
    const { probes: _probes, webSockets: _webSockets, ...rest } = options
    const shutdown = shutdownFor(rest, { logger: nestLogger })
    const imports = [...modules.values()].filter(({ providers }) => providers.has(SHUTDOWN_OPTIONS))
    if (imports.length > 1)
      internalsOf(shutdown).log.warn(
        {},
        'ShutdownModule.forRoot() is imported more than once: the first one counts',
      )
    return shutdown
  },
}
