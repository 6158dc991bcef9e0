// Fastify alone.
import { fastify } from 'fastify'
import { ordersPlugin } from '../orders-plugin.js'
import { host, port } from '../variant.js'

const app = fastify({ logger: true, disableRequestLogging: true })
await app.register(ordersPlugin)
await app.listen({ port, host })
