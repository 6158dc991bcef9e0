// Fastify with close-with-grace, as in its README's example.
import closeWithGrace from 'close-with-grace'
import { fastify } from 'fastify'
import { ordersPlugin } from '../orders-plugin.js'
import { host, port } from '../variant.js'

const app = fastify({ logger: true, disableRequestLogging: true })
closeWithGrace(async ({ err }) => {
  if (err) app.log.error({ err }, 'server closing with error')
  await app.close()
})
await app.register(ordersPlugin)
app.get('/readyz', async () => 'ready')
await app.listen({ port, host })
