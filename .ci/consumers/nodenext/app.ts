import type { Report } from '@lastcall/core'
import lastcall, { type LastcallOptions } from '@lastcall/fastify'
import { fastify } from 'fastify'

const options: LastcallOptions = {
  onReport: ({ verdict }: Report) => console.log(verdict),
}
const app = fastify({ logger: true })
await app.register(lastcall, options)
app.shutdown.register('pool', () => console.log('your pool.end()'))
app.post('/', async (request) => request.body)
await app.listen({ port: 0, host: '127.0.0.1' })
