/** What `@InjectShutdown()` injects. */
export const SHUTDOWN: unique symbol = Symbol.for('lastcall.nestjs.shutdown')
