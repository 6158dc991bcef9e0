import { setTimeout } from 'node:timers/promises'
import { Controller, Get, Query, StreamableFile } from '@nestjs/common'
import { OrdersService } from '../orders/orders.service.js'

const line = '1;espresso;2.40;in stock;roasted this week, ground to order, served at the bar\n'
const catalogue = Buffer.from(line.repeat(100_000))

@Controller()
export class ReportsController {
  constructor(private readonly orders: OrdersService) {}

  /** A request that takes long, and needs the database when it ends. */
  @Get('slow')
  async slow(@Query('ms') ms = '2000') {
    await setTimeout(Number(ms))
    return this.orders.count()
  }

  /** A response of 8 MB: a slow reader is still receiving it long after the handler has returned. */
  @Get('export')
  export() {
    return new StreamableFile(catalogue, { type: 'text/csv', length: catalogue.length })
  }
}
