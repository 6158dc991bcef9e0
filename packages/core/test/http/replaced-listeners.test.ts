import type { RequestListener } from 'node:http'
import t from 'tap'
import { inHand, serve } from './serve.js'

const quickly = { options: { gracePeriodMs: 5_000, lameDuck: false, lastCall: false } } as const

t.test('who puts a listener in the place of all others is counted all the same, and once', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, (_req, res) => res.end('below'), quickly)
  const { server } = served
  // as Engine.IO, which carries socket.io, makes room for itself
  const others = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request')
  server.on('request', (req, res) => {
    if (req.url === '/engine') handler(req, res)
    else for (const listener of others) listener.call(server, req, res)
  })

  const [engine, below] = [await served.connect(), await served.connect()]
  below.send('/')
  t.match(await below.next(), { body: 'below' })
  engine.send('/engine')
  const { res } = await next()
  const report = served.close()
  await served.phase('draining')
  res.end('answered')
  t.match(await engine.next(), { status: 200, body: 'answered' })
  const { phases, verdict } = await report
  t.match(phases[0], { phase: 'lame-duck', inFlight: 1, connections: 2 })
  t.equal(verdict, 'clean')
  served.undo()
  t.equal(server.listenerCount('request'), 1)
})
