// Fastify with the plugin.
import { lastcall } from '@lastcall/fastify'
import { fastify } from 'fastify'
import { ordersPlugin } from './orders-plugin.js'
import { host, options, port } from './variant.js'

const app = fastify({ logger: true, disableRequestLogging: true })
await app.register(lastcall, options)
await app.register(ordersPlugin)
await app.listen({ port, host })
