import { Injectable } from '@nestjs/common'
import { DatabaseService } from '../database/database.service.js'
import type { CreateOrderDto } from './create-order.dto.js'
import { OrdersGateway } from './orders.gateway.js'

@Injectable()
export class OrdersService {
  constructor(
    private readonly database: DatabaseService,
    private readonly feed: OrdersGateway,
  ) {}

  async create({ id, item, quantity }: CreateOrderDto) {
    await this.database.query('INSERT INTO orders (id, item, quantity) VALUES ($1, $2, $3)', [
      id,
      item,
      quantity,
    ])
    this.feed.announce({ id, item, quantity })
    return { id }
  }

  list() {
    return this.database.query('SELECT id FROM orders ORDER BY number')
  }

  async latest() {
    const [latest = null] = await this.database.query('SELECT * FROM orders ORDER BY number DESC LIMIT 1')
    return latest
  }

  async count() {
    const [row] = await this.database.query('SELECT count(*) FROM orders')
    return row
  }
}
