// Fastify with the plugin.
import type { AddressInfo } from 'node:net'
import websocket from '@fastify/websocket'
import { lastcall } from '@lastcall/fastify'
import { fastify, type FastifyInstance } from 'fastify'
import { isHttp2, isTls } from '../subject.js'
import { stopPlainly } from './plain-stop.js'
import { createRoutes, type Stop } from './routes.js'
import { closeParticipant, settings } from './settings.js'

const { protocol, tls, control, options, participant, port } = settings

// the type of an app depends on that of its server, of which nothing is asked here
const app = fastify({
  logger: { stream: process.stderr },
  disableRequestLogging: true,
  ...(isTls(protocol) ? { https: tls } : {}),
  ...(isHttp2(protocol) ? { http2: true } : {}),
} as object) as unknown as FastifyInstance

const stop: Stop = { begin() {}, close: () => void app.close() }
if (control) {
  if (participant) app.addHook('onClose', closeParticipant)
  stop.begin = stop.close = stopPlainly(app.server, () => app.close())
  app.get('/livez', async () => 'live')
  app.get('/readyz', async () => 'ready')
} else {
  await app.register(lastcall, options)
  if (participant) app.shutdown.register('the participant', closeParticipant)
  stop.begin = () => void app.shutdown.begin('asked by a handler', { exit: true })
}

if (!isHttp2(protocol)) {
  await app.register(websocket)
  // registered apart: a route is a WebSocket's only if the plugin was there first
  await app.register(async (scope) => {
    scope.get('/socket', { websocket: true }, (socket) => {
      socket.on('message', (message) => socket.send(message))
    })
  })
}

const route = createRoutes({ begin: () => stop.begin(), close: () => stop.close() })
app.removeAllContentTypeParsers()
// handlers read bodies themselves, or leave them
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
app.all('/*', async (request, reply) => {
  const { method, url, raw } = request
  const { status = 200, headers = {}, body } = await route({ method, url, body: raw })
  return reply.code(status).headers(headers).send(body)
})
await app.listen({ port, host: '127.0.0.1' })
console.log(`listening ${(app.server.address() as AddressInfo).port}`)
