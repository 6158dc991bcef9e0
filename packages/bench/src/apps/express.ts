// Express 5 with the middleware.
import { lastcall } from '@lastcall/express'
import express from 'express'
import { keepAliveTimeoutMs, work } from './orders.js'
import { host, options, port } from './variant.js'

const app = express()
app.use(lastcall(options))
app.use(express.json())
app.get('/orders', async (_req, res) => {
  await work()
  res.json({ latest: 'espresso' })
})
app.post('/orders', async (req, res) => {
  await work()
  res.status(201).json(req.body)
})
app.listen(port, host).keepAliveTimeout = keepAliveTimeoutMs
