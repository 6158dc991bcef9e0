// core/http alone: a server of Node's, and drainServer.
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { createShutdown } from '@lastcall/core'
import { closeWebSockets, drainServer, handleProbes } from '@lastcall/core/http'
import { WebSocketServer } from 'ws'
import { createServerFor, type Response, type ServerRequest } from './create-server.js'
import { closePlainly, stopPlainly } from './plain-stop.js'
import { createRoutes, type Answer, type Stop } from './routes.js'
import { closeParticipant, settings } from './settings.js'

const { control, options, participant, port } = settings

const stop: Stop = { begin() {}, close() {} }
const route = createRoutes({ begin: () => stop.begin(), close: () => stop.close() })
let probe: ReturnType<typeof handleProbes> = (req, res) => {
  const isProbe = req.url === '/livez' || req.url === '/readyz'
  if (isProbe) res.end('')
  return isProbe
}

const listener = (req: ServerRequest, res: Response): void => {
  if (probe(req, res)) return
  const { method = '', url = '' } = req
  // a body that breaks off in the middle rejects, and has nobody to answer
  route({ method, url, body: req }).then(
    (answer) => write(res, answer),
    () => ('stream' in res ? res.stream : res).destroy(),
  )
}
const { server, upgrades } = createServerFor(listener)
const sockets = new WebSocketServer(upgrades ? { server: upgrades, path: '/socket' } : { noServer: true })
sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(message)))

if (control) {
  stop.begin = stop.close = stopPlainly(server, () => closePlainly(server))
} else {
  const shutdown = createShutdown(options)
  probe = handleProbes(shutdown)
  if (participant) shutdown.register('the participant', closeParticipant)
  drainServer(server, shutdown)
  shutdown.register('websockets', closeWebSockets(sockets.clients))
  stop.begin = () => void shutdown.begin('asked by a handler', { exit: true })
  stop.close = () => void shutdown.begin('closed by the app')
}
server.listen(port, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`))

function write(res: Response, { status = 200, headers = {}, body }: Answer): void {
  if (body instanceof Readable) {
    res.writeHead(status, headers)
    return void pipeline(body, res, () => {})
  }
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
  res.writeHead(status, { ...headers, ...length })
  if (body === undefined) res.end()
  else res.end(body)
}
