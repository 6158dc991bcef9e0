/** What `@InjectShutdown()` injects. */
export const SHUTDOWN: unique symbol = Symbol.for('lastcall.nestjs.shutdown')

/** What `forRoot` was given; nothing provides it if the module is imported without. */
export const SHUTDOWN_OPTIONS: unique symbol = Symbol.for('lastcall.nestjs.options')
