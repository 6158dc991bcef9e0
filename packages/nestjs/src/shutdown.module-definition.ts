import { ConfigurableModuleBuilder, type ConfigurableModuleCls } from '@nestjs/common'
import type { ShutdownModuleOptions } from './shutdown-module-options.interface.js'

const host = new ConfigurableModuleBuilder<ShutdownModuleOptions>({ moduleName: 'Shutdown' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createShutdownOptions')
  .build()

export const ConfigurableModuleClass: ConfigurableModuleCls<
  ShutdownModuleOptions,
  'forRoot',
  'createShutdownOptions'
> = host.ConfigurableModuleClass

/** Where the options are found; nowhere if the module is imported without `forRoot`. */
export const SHUTDOWN_OPTIONS: string | symbol = host.MODULE_OPTIONS_TOKEN
