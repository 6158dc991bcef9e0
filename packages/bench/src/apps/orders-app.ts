import express from 'express'
import type { Express, RequestHandler } from 'express'
import { work } from './orders.js'

/** The orders on Express 5, behind a middleware if there is one. */
export function createOrdersApp(...middleware: readonly RequestHandler[]): Express {
  const app = express()
  for (const one of middleware) app.use(one)
  app.use(express.json())
  app.get('/orders', async (_req, res) => {
    await work()
    res.json({ latest: 'espresso' })
  })
  app.get('/orders/ok', (_req, res) => void res.end('ok'))
  app.post('/orders', async (req, res) => {
    await work()
    res.status(201).json(req.body)
  })
  return app
}
