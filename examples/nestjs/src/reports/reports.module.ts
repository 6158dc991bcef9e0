import { Module } from '@nestjs/common'
import { OrdersModule } from '../orders/orders.module.js'
import { ReportsController } from './reports.controller.js'

@Module({ imports: [OrdersModule], controllers: [ReportsController] })
export class ReportsModule {}
