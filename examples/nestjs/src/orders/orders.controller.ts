import { Body, Controller, Get, Post } from '@nestjs/common'
import { CreateOrderDto } from './create-order.dto.js'
import { OrdersService } from './orders.service.js'
import { ParseOrderPipe } from './parse-order.pipe.js'

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post()
  create(@Body(ParseOrderPipe) order: CreateOrderDto) {
    return this.orders.create(order)
  }

  @Get()
  list() {
    return this.orders.list()
  }

  @Get('latest')
  async latest() {
    return { latest: await this.orders.latest() }
  }
}
