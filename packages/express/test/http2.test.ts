import { once } from 'node:events'
import { connect, createSecureServer, createServer, type ClientHttp2Session } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { ask, createCertificate, createGate, phase } from '@lastcall/testing'
import type { Request, Response } from 'express'
import t, { type Test } from 'tap'
import { frameworks } from './frameworks.js'
import { create } from './serve.js'

async function listen(t: Test, server: Server): Promise<number> {
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function get(session: ClientHttp2Session, path: string): Promise<string> {
  const stream = session.request({ ':path': path }).setEncoding('utf8')
  let body = ''
  for await (const chunk of stream) body += chunk
  return body
}

for (const { version, express } of frameworks) {
  t.test(`${version}: behind a server of node:http2 that allows HTTP/1`, async (t) => {
    const { middleware } = create({ lameDuck: false, lastCall: false })
    const gate = createGate()
    const app = express().use(middleware)
    app.get('/', (_req, res) => void gate.pass().then((text) => res.send(text)))
    // its handlers get requests of two kinds, and Express knows one
    const server = createSecureServer({ ...createCertificate(), allowHTTP1: true }, app as never)
    const port = await listen(t, server)
    t.equal(middleware.shutdown.phase, 'running')
    const answer = ask({ port, secure: true }, '/')
    await gate.reached
    const draining = phase(middleware.shutdown, 'draining')
    const begun = middleware.shutdown.begin('test')
    await draining
    gate.open()
    t.equal((await answer).body, 'finished')
    t.match(await begun, { verdict: 'clean' })
  })
}

t.test('a stream of HTTP/2 that brings its server is counted', async (t) => {
  const { middleware } = create({ lameDuck: false, lastCall: false })
  const gate = createGate()
  // as a bridge does it
  const server = createServer((req, res) => {
    const next = (): void => void gate.pass().then((text) => res.end(text))
    middleware(req as unknown as Request, res as unknown as Response, next)
  })
  const session = connect(`http://127.0.0.1:${await listen(t, server)}`)
  t.teardown(() => session.destroy())
  const answer = get(session, '/')
  await gate.reached
  t.equal(middleware.shutdown.phase, 'running')
  const draining = phase(middleware.shutdown, 'draining')
  const begun = middleware.shutdown.begin('test')
  await draining
  gate.open()
  t.equal(await answer, 'finished')
  const report = await begun
  t.match(report, { verdict: 'clean' })
  t.equal(report.phases.at(0)?.inFlight, 1)
})
