// @ts-check
// A chat beside an Express app. A restart tells everyone to come back, each at a moment of their own.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { createServer } from 'node:http'
import { closeWebSockets } from '@lastcall/core/http'
import lastcall from '@lastcall/express'
import express from 'express'
import { WebSocketServer } from 'ws'

const app = express()
const graceful = lastcall()
app.use(graceful)
app.get('/', (_req, res) => void res.json({ here: chat.clients.size }))

const server = createServer(app)
const chat = new WebSocketServer({ server, path: '/chat' })

// Close frames with code 1012, "service restart": while these connections are open, nothing is released.
graceful.shutdown.register('websockets', closeWebSockets(chat.clients))

chat.on('connection', (client) => {
  client.on('error', (error) => console.error(error.message))
  client.on('message', (message) => {
    for (const other of chat.clients) other.send(String(message))
  })
})

server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1', () => {
  console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
})
