import type { FastifyInstance } from 'fastify'
import { work } from './orders.js'

/** The orders on Fastify, whose `keepAliveTimeout` is that of the others by default. */
export async function ordersPlugin(app: FastifyInstance): Promise<void> {
  app.get('/orders', async () => {
    await work()
    return { latest: 'espresso' }
  })
  app.get('/orders/ok', async () => 'ok')
  app.post('/orders', async (request, reply) => {
    await work()
    return reply.code(201).send(request.body)
  })
}
