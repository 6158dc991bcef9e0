// Express with the middleware; EXPRESS names the package of another version.
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { closeWebSockets } from '@lastcall/core/http'
import { lastcall } from '@lastcall/express'
import type express5 from 'express'
import type { Response } from 'express'
import { WebSocketServer } from 'ws'
import { closePlainly, stopPlainly } from './plain-stop.js'
import { createRoutes, type Answer, type Stop } from './routes.js'
import { closeParticipant, settings } from './settings.js'

const { protocol, tls, control, options, participant, port } = settings
// what is used of Express 4 has the types of 5
const { default: express } = (await import(process.env['EXPRESS'] ?? 'express')) as {
  default: typeof express5
}

const app = express()
const server = protocol === 'https' ? createSecureServer(tls, app) : createServer(app)
server.keepAliveTimeout = 72_000
const sockets = new WebSocketServer({ server, path: '/socket' })
sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(message)))

const stop: Stop = { begin() {}, close() {} }
if (control) {
  stop.begin = stop.close = stopPlainly(server, () => closePlainly(server))
  app.get(['/livez', '/readyz'], (_req, res) => void res.send(''))
} else {
  const middleware = lastcall(options)
  const { shutdown } = middleware
  app.use(middleware)
  if (participant) shutdown.register('the participant', closeParticipant)
  shutdown.register('websockets', closeWebSockets(sockets.clients))
  stop.begin = () => void shutdown.begin('asked by a handler', { exit: true })
  stop.close = () => void shutdown.begin('closed by the app')
}

const route = createRoutes({ begin: () => stop.begin(), close: () => stop.close() })
app.use((req, res, next) => {
  const { method, url } = req
  route({ method, url, body: req }).then((answer) => send(res, answer), next)
})
server.listen(port, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`))

function send(res: Response, { status = 200, headers = {}, body }: Answer): void {
  res.status(status).set(headers)
  if (body instanceof Readable) pipeline(body, res, () => {})
  else res.send(body)
}
