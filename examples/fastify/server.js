// @ts-check
// A shop that takes orders. It can be restarted at any time: no request is lost.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { setTimeout } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import lastcall from '@lastcall/fastify'
import Fastify, { LogController } from 'fastify'

// An embedded PostgreSQL. Any database client that has a close method is used the same way.
const db = await PGlite.create(process.env.DATA_DIR ?? './data')
await db.exec(`
  CREATE TABLE IF NOT EXISTS orders (
    number serial PRIMARY KEY,
    id text UNIQUE NOT NULL,
    item text NOT NULL,
    quantity integer NOT NULL
  )
`)

const app = Fastify({
  logger: true,
  logController: new LogController({ disableRequestLogging: true }),
})

if (process.env.CONTROL === '1') {
  // What `pnpm demo` compares with: the usual few lines, without Last Call.
  app.get('/readyz', () => ({ ready: true }))
  app.addHook('onClose', () => db.close())
  process.on('SIGTERM', () => app.close())
} else {
  // Signals, the probes /livez and /readyz, and the order in which everything ends.
  await app.register(lastcall)
  app.shutdown.register('pglite', () => db.close())
}

const order = {
  type: 'object',
  required: ['id', 'item', 'quantity'],
  properties: {
    id: { type: 'string' },
    item: { type: 'string' },
    quantity: { type: 'integer', minimum: 1 },
  },
}

app.post('/orders', { schema: { body: order } }, async (request, reply) => {
  const { id, item, quantity } = /** @type {{ id: string, item: string, quantity: number }} */ (request.body)
  await db.query('INSERT INTO orders (id, item, quantity) VALUES ($1, $2, $3)', [id, item, quantity])
  return reply.code(201).send({ id })
})

app.get('/orders', async () => {
  const { rows } = await db.query('SELECT id FROM orders ORDER BY number')
  return rows
})

app.get('/orders/latest', async () => {
  const { rows } = await db.query('SELECT * FROM orders ORDER BY number DESC LIMIT 1')
  return { latest: rows[0] ?? null }
})

// A request that takes long, and needs the database when it ends.
app.get('/slow', async (request) => {
  const { ms = '2000' } = /** @type {{ ms?: string }} */ (request.query)
  await setTimeout(Number(ms))
  const { rows } = await db.query('SELECT count(*) FROM orders')
  return rows[0]
})

// A response of 8 MB: a slow reader is still receiving it long after the handler has returned.
const line = '1;espresso;2.40;in stock;roasted this week, ground to order, served at the bar\n'
const catalogue = Buffer.from(line.repeat(100_000))
app.get('/export', (_request, reply) => reply.type('text/csv').send(catalogue))

await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' })
