import { ConfigurableModuleBuilder, type ConfigurableModuleCls } from '@nestjs/common'
import type { ShutdownModuleOptions } from './shutdown-module-options.interface.js'
import { SHUTDOWN_OPTIONS } from './shutdown.constants.js'

export const ConfigurableModuleClass: ConfigurableModuleCls<
  ShutdownModuleOptions,
  'forRoot',
  'createShutdownOptions'
> = new ConfigurableModuleBuilder<ShutdownModuleOptions>({ optionsInjectionToken: SHUTDOWN_OPTIONS })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createShutdownOptions')
  .setExtras({}, (definition) => ({ ...definition, exports: [SHUTDOWN_OPTIONS] }))
  .build().ConfigurableModuleClass
