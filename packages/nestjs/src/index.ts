export { InjectShutdown } from './inject-shutdown.decorator.js'
export type { ShutdownModuleOptions, ShutdownOptionsFactory } from './shutdown-module-options.interface.js'
export { ShutdownHealthIndicator } from './shutdown.health-indicator.js'
export { ShutdownModule } from './shutdown.module.js'
