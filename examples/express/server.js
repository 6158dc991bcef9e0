// @ts-check
// A shop that takes orders. It can be restarted at any time: no request is lost.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { setTimeout } from 'node:timers/promises'
import lastcall from '@lastcall/express'
import { startDatabase } from 'example-embedded-postgres'
import express from 'express'

const { pool, stop } = await startDatabase()
// A connection that breaks while nobody uses it is replaced by the pool.
pool.on('error', (error) => console.error(error.message))
await pool.query(`
  CREATE TABLE IF NOT EXISTS orders (
    number serial PRIMARY KEY,
    id text UNIQUE NOT NULL,
    item text NOT NULL,
    quantity integer NOT NULL
  )
`)

const app = express()

if (process.env.CONTROL === '1') {
  // What `lastcall drill` can be compared with: the usual few lines, without Last Call.
  app.get('/readyz', (_req, res) => void res.json({ ready: true }))
  process.on('SIGTERM', () => server.close(() => void pool.end().then(stop)))
} else {
  // Signals, the probes /livez and /readyz, and the order in which everything ends: the pool first, then its database.
  const graceful = lastcall()
  app.use(graceful)
  graceful.shutdown.register('postgres', stop)
  graceful.shutdown.register('pool', () => pool.end())
}

app.use(express.json())

app.post('/orders', async (req, res) => {
  const { id, item, quantity } = req.body ?? {}
  if (typeof id !== 'string' || typeof item !== 'string' || !(quantity >= 1)) {
    res.sendStatus(400)
    return
  }
  await pool.query('INSERT INTO orders (id, item, quantity) VALUES ($1, $2, $3)', [id, item, quantity])
  res.status(201).json({ id })
})

app.get('/orders', async (_req, res) => {
  const { rows } = await pool.query('SELECT id FROM orders ORDER BY number')
  res.json(rows)
})

app.get('/orders/latest', async (_req, res) => {
  const { rows } = await pool.query('SELECT * FROM orders ORDER BY number DESC LIMIT 1')
  res.json({ latest: rows[0] ?? null })
})

// A request that takes long, and needs the database when it ends.
app.get('/slow', async (req, res) => {
  await setTimeout(Number(req.query.ms ?? 2000))
  const { rows } = await pool.query('SELECT count(*) FROM orders')
  res.json(rows[0])
})

// A response of 8 MB: a slow reader is still receiving it long after the handler has returned.
const line = '1;espresso;2.40;in stock;roasted this week, ground to order, served at the bar\n'
const catalogue = Buffer.from(line.repeat(100_000))
app.get('/export', (_req, res) => void res.type('text/csv').send(catalogue))

const port = Number(process.env.PORT ?? 3000)
const server = app.listen(port, process.env.HOST ?? '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
})
