// Hono with the adapter of examples/hono, which docs/new-adapter.md explains.
import { Readable } from 'node:stream'
import { serve as servePlainly, upgradeWebSocket } from '@hono/node-server'
import { createShutdown } from '@lastcall/core'
import { serve } from 'example-hono/lastcall.js'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { isHttp2 } from '../subject.js'
import { createServerFor } from './create-server.js'
import { closePlainly, stopPlainly } from './plain-stop.js'
import { createRoutes, type Stop } from './routes.js'
import { closeParticipant, settings } from './settings.js'

const { protocol, control, options, participant, port } = settings

const app = new Hono()
const stop: Stop = { begin() {}, close() {} }
if (control) app.get('/livez', (c) => c.text('')).get('/readyz', (c) => c.text(''))

app.get(
  '/socket',
  upgradeWebSocket(() => ({ onMessage: ({ data }, socket) => socket.send(data as string) })),
)
const route = createRoutes({ begin: () => stop.begin(), close: () => stop.close() })
app.all('*', async (c) => {
  const { method, raw } = c.req
  const { pathname, search } = new URL(raw.url)
  const request = {
    method,
    url: pathname + search,
    // made for those that read it
    get body() {
      return Readable.fromWeb(raw.body as never)
    },
  }
  const { status = 200, headers, body } = await route(request)
  const content = body instanceof Readable ? (Readable.toWeb(body) as ReadableStream) : (body ?? null)
  return c.body(content as ReadableStream, status as 200, headers)
})

const sockets = new WebSocketServer({ noServer: true })
const served = {
  port,
  hostname: '127.0.0.1',
  fetch: app.fetch,
  // its type says which of Node's four it is
  createServer: ((_options: object, listener: Parameters<typeof createServerFor>[0]) =>
    createServerFor(listener).server) as never,
  ...(isHttp2(protocol) ? {} : { websocket: { server: sockets as never } }),
}
const onListening = (address: { readonly port: number }): void => console.log(`listening ${address.port}`)

if (control) {
  const server = servePlainly(served, onListening)
  stop.begin = stop.close = stopPlainly(server, () => closePlainly(server))
} else {
  const shutdown = createShutdown(options)
  if (participant) shutdown.register('the participant', closeParticipant)
  stop.begin = () => void shutdown.begin('asked by a handler', { exit: true })
  stop.close = () => void shutdown.begin('closed by the app')
  serve(app, { ...served, shutdown }, onListening)
}
