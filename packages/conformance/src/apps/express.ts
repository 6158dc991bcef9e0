// Express with the middleware, in the version that the first argument names.
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { closeWebSockets } from '@lastcall/core/http'
import { lastcall } from '@lastcall/express'
import type { Express } from 'express'
import { WebSocketServer } from 'ws'
import { stopPlainly } from './plain-stop.js'
import { createRoutes, type Stop } from './routes.js'
import { closeParticipant, settings } from './settings.js'
import { writeAnswer } from './write-answer.js'

const { protocol, tls, control, options, participant, port } = settings

const { default: express } = (await import(process.argv[2] ?? 'express')) as { default: () => Express }
const app = express()
const server = protocol === 'https' ? createSecureServer(tls, app) : createServer(app)
server.keepAliveTimeout = 72_000
const sockets = new WebSocketServer({ server, path: '/socket' })
sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(message)))

const stop: Stop = { begin() {}, close() {} }
if (control) {
  app.get('/livez', (_req, res) => void res.send('live'))
  app.get('/readyz', (_req, res) => void res.send('ready'))
  const close = (): Promise<void> =>
    new Promise((resolve) =>
      server.close(() => {
        if (participant) void closeParticipant()
        resolve()
      }),
    )
  stop.begin = stop.close = stopPlainly(close)
} else {
  const graceful = lastcall(options)
  app.use(graceful)
  const { shutdown } = graceful
  shutdown.register('websockets', closeWebSockets(sockets.clients))
  if (participant) shutdown.register('the participant', closeParticipant)
  stop.begin = () => void shutdown.begin('asked by a handler', { exit: true })
  stop.close = () => void shutdown.begin('closed by the app')
}

const route = createRoutes({ begin: () => stop.begin(), close: () => stop.close() })
app.use((req, res) => {
  const { method, url } = req
  // a body that breaks off in the middle rejects, and has nobody to answer
  route({ method, url, body: req }).then(
    (answer) => writeAnswer(res, answer),
    () => res.destroy(),
  )
})
server.listen(port, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`))
