import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets'
import type { Server } from 'ws'
import type { CreateOrderDto } from './create-order.dto.js'

/** Tells every order to whoever listens at /orders/feed. */
@WebSocketGateway({ path: '/orders/feed' })
export class OrdersGateway {
  @WebSocketServer()
  private readonly server: Server

  announce(order: CreateOrderDto) {
    for (const client of this.server.clients) client.send(JSON.stringify(order))
  }
}
