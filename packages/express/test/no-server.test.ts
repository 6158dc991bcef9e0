import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Express } from 'express'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { create } from './serve.js'

/** As adapters of serverless platforms do it: a request that came on no server. */
async function inject(app: Express, url: string, server?: object): Promise<string> {
  const req = new IncomingMessage(Object.assign(new Socket(), server ? { server } : {}))
  Object.assign(req, { method: 'GET', url, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 })
  req.push(null)
  const res = new ServerResponse(req)
  const written = new PassThrough()
  res.assignSocket(written as unknown as Socket)
  res.once('finish', () => written.end())
  app(req, res)
  return text(written)
}

for (const { version, express } of frameworks) {
  t.test(`${version}: without a server the middleware refuses by itself, while draining only`, async (t) => {
    const { middleware, logged } = create()
    const app = express().use(middleware)
    app.get('/', (_req, res) => void res.send('served'))
    t.match(await inject(app, '/livez'), /^HTTP\/1.1 200 /)
    t.match(await inject(app, '/'), /served$/)
    const phases: string[] = []
    const answers: Promise<string>[] = []
    middleware.shutdown.subscribe((phase) => {
      phases.push(phase)
      answers.push(inject(app, '/'))
    })
    await middleware.shutdown.begin('test')
    t.strictSame(phases, ['lame-duck', 'last-call', 'draining', 'releasing', 'stopped'])
    const [lameDuck, lastCall, ...late] = await Promise.all(answers)
    t.match(lameDuck, /served$/)
    t.match(lastCall, /served$/)
    for (const answer of late) {
      t.match(answer, /^HTTP\/1.1 503 Service Unavailable\r\n/)
      t.match(answer, /^Connection: close\r$/m)
      t.match(answer, /^Retry-After: [123]\r$/m)
    }
    t.ok(logged.some(({ message }) => message === 'no server was found that has the middleware'))
  })
}

t.test(
  "a server that is none of Node's cannot be drained: that is said once, and the middleware refuses",
  async (t) => {
    const { middleware, logged } = create()
    const app = frameworks[0].express().use(middleware)
    const server = { listening: true }
    await inject(app, '/', server)
    await middleware.shutdown.begin('test')
    t.match(await inject(app, '/', server), /^HTTP\/1.1 503 /)
    t.strictSame(
      logged.filter(({ level }) => level === 'warn').map(({ message }) => message),
      ['this server cannot be drained: its requests are refused while draining, no more'],
    )
  },
)
