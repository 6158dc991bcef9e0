import { Inject } from '@nestjs/common'
import { SHUTDOWN } from './shutdown.constants.js'

/**
 * Injects the `Shutdown` of this app: register resources, take holds, ask for its phase.
 * @example constructor(@InjectShutdown() private readonly shutdown: Shutdown) {}
 */
export const InjectShutdown = (): ParameterDecorator & PropertyDecorator => Inject(SHUTDOWN)
