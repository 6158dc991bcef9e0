import lastcall from '@lastcall/fastify'
import Fastify from 'fastify'

const app = Fastify({ logger: true })
await app.register(lastcall)
app.post('/', async (request) => request.body)
await app.listen({ port: 0, host: '127.0.0.1' })
