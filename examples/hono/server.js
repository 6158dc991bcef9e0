// @ts-check
// Takes orders, on Hono. It can be restarted at any time: no request is lost.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { open } from 'node:fs/promises'
import { serve as servePlainly } from '@hono/node-server'
import { createShutdown } from '@lastcall/core'
import { Hono } from 'hono'
import { serve } from './lastcall.js'

// What every order needs. Anything that has a close method is used the same way.
const journal = await open(process.env.JOURNAL ?? './data', 'a')

const app = new Hono()
app.get('/', (c) => c.text('hello'))
app.post('/orders', async (c) => {
  await journal.appendFile(`${await c.req.text()}\n`)
  return c.text('taken', 201)
})

const address = { port: Number(process.env.PORT ?? 3000), hostname: process.env.HOST ?? '127.0.0.1' }
const onListening = (/** @type {{ port: number }} */ { port }) => console.log(`listening on ${port}`)

if (process.env.CONTROL === '1') {
  // What the tests compare with: the same app, served as @hono/node-server does it.
  servePlainly({ ...address, fetch: app.fetch }, onListening)
} else {
  const shutdown = createShutdown()
  shutdown.register('journal', () => journal.close())
  serve(app, { ...address, shutdown }, onListening)
}
