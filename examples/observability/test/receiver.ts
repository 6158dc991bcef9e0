import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

export interface Received {
  readonly method: string
  readonly path: string
  readonly body: string
}

export interface Receiver {
  readonly url: string
  /** All requests so far. */
  readonly received: readonly Received[]
  /** Settles with the first request, past or to come. */
  readonly first: Promise<Received>
}

/** Takes what telemetry sends; with `silent` it never answers. */
export async function startReceiver(t: Test, { silent = false } = {}): Promise<Receiver> {
  const received: Received[] = []
  let arrived = (_request: Received): void => {}
  const first = new Promise<Received>((resolve) => (arrived = resolve))
  const server = createServer(async (req, res) => {
    const request = { method: String(req.method), path: String(req.url), body: await text(req) }
    received.push(request)
    arrived(request)
    if (!silent) res.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  // its own server has a port
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, received, first }
}
