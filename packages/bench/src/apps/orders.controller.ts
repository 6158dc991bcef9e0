import { Body, Controller, Get, Post } from '@nestjs/common'
import { work } from './orders.js'

/** The orders on Nest. */
@Controller('orders')
export class OrdersController {
  @Get()
  async latest(): Promise<object> {
    await work()
    return { latest: 'espresso' }
  }

  @Get('ok')
  ok(): string {
    return 'ok'
  }

  @Post()
  async create(@Body() order: object): Promise<object> {
    await work()
    return order
  }
}
