import { ShutdownModule } from '@lastcall/nestjs'
import { Module } from '@nestjs/common'
import { DatabaseModule } from './database/database.module.js'
import { HealthModule } from './health/health.module.js'
import { OrdersModule } from './orders/orders.module.js'
import { ReportsModule } from './reports/reports.module.js'

@Module({
  imports: [
    // What `lastcall drill` can be compared with is the same app without this module.
    process.env.CONTROL === '1' ? HealthModule : ShutdownModule.forRoot(),
    DatabaseModule,
    OrdersModule,
    ReportsModule,
  ],
})
export class AppModule {}
