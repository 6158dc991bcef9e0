import { Module } from '@nestjs/common'
import { HealthController } from './health.controller.js'

/** Only without Last Call, which has probes of its own. */
@Module({ controllers: [HealthController] })
export class HealthModule {}
