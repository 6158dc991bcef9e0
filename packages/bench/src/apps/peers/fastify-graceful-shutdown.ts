// fastify-graceful-shutdown, as in its README.
import { fastify } from 'fastify'
import gracefulShutdown from 'fastify-graceful-shutdown'
import { ordersPlugin } from '../orders-plugin.js'
import { host, port } from '../variant.js'

const app = fastify({ logger: true, disableRequestLogging: true })
await app.register(gracefulShutdown)
await app.register(ordersPlugin)
app.get('/readyz', async () => 'ready')
await app.listen({ port, host })
