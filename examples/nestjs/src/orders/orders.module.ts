import { Module } from '@nestjs/common'
import { DatabaseModule } from '../database/database.module.js'
import { OrdersController } from './orders.controller.js'
import { OrdersGateway } from './orders.gateway.js'
import { OrdersService } from './orders.service.js'

@Module({
  imports: [DatabaseModule],
  controllers: [OrdersController],
  providers: [OrdersService, OrdersGateway],
  exports: [OrdersService],
})
export class OrdersModule {}
