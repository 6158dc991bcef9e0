// Fastify with the plugin.
import { lastcall } from '@lastcall/fastify'
import { fastify } from 'fastify'
import { work } from './orders.js'
import { host, options, port } from './variant.js'

const app = fastify({ logger: true, disableRequestLogging: true })
await app.register(lastcall, options)
app.get('/orders', async () => {
  await work()
  return { latest: 'espresso' }
})
app.post('/orders', async (request, reply) => {
  await work()
  return reply.code(201).send(request.body)
})
await app.listen({ port, host })
