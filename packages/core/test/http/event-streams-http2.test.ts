import { once } from 'node:events'
import { connect, createServer, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { endEventStream } from '@lastcall/core/http'
import t, { type Test } from 'tap'
import { systemClock } from '#src/clock.js'
import { endIfStream, wasEnded } from '#src/http/open-streams.js'

/** A stream of HTTP/2 that has begun: the response, and what its client receives until its end. */
async function open(t: Test, type: string): Promise<{ res: Http2ServerResponse; body: Promise<string> }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.teardown(() => {
    client.destroy()
    server.close()
  })
  const requested = once(server, 'request')
  const stream = client.request({ ':path': '/' })
  const [, res] = (await requested) as [unknown, Http2ServerResponse]
  res.writeHead(200, { 'Content-Type': type })
  res.write('data: 1\n\n')
  await once(stream, 'response')
  return { res, body: text(stream) }
}

t.test('an event stream of HTTP/2 is ended like any other, and later writes crash nothing', async (t) => {
  const { res, body } = await open(t, 'text/event-stream')
  endIfStream(res, { clock: systemClock })
  t.equal(await body, 'data: 1\n\n')
  t.equal(wasEnded(res), true)
  res.write('data: 2\n\n')
  res.end()
  endEventStream(res)
})

t.test('another response of HTTP/2 is left alone', async (t) => {
  const { res, body } = await open(t, 'text/plain')
  endIfStream(res, { clock: systemClock })
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  t.equal(wasEnded(res), false)
  res.end('the end')
  t.equal(await body, 'data: 1\n\nthe end')
})

t.test('the owner of a stream of HTTP/2 ends it the same way', async (t) => {
  const { res, body } = await open(t, 'text/event-stream')
  endEventStream(res, { random: () => 0 })
  endEventStream(res, { random: () => 0 })
  res.write('data: 2\n\n')
  t.equal(await body, 'data: 1\n\nretry: 1000\n\n')
})

t.test('a stream of HTTP/2 whose client has gone is left alone', async (t) => {
  const { res, body } = await open(t, 'text/event-stream')
  body.catch(() => {})
  const closed = once(res, 'close')
  res.stream.destroy()
  await closed
  res.write = () => t.fail('written to')
  t.doesNotThrow(() => endEventStream(res))
  endIfStream(res, { clock: systemClock })
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  t.equal(wasEnded(res), false)
})
