import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Target } from 'lastcall/drill'
import t from 'tap'
import type { Test } from 'tap'
import { openLoad } from '#src/cost/load.js'

async function listen(t: Test, handler: RequestListener): Promise<Target> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // a TCP server
  return { name: 'app', host: '127.0.0.1', port }
}

t.test('it sends exactly as many requests as it is told, over connections that stay', async (t) => {
  const sockets = new Set<unknown>()
  let requests = 0
  const target = await listen(t, (req, res) => {
    sockets.add(req.socket)
    requests += 1
    res.end('ok')
  })
  const load = await openLoad(target, '/', 4)
  await load.run(101)
  t.equal(requests, 101)
  await load.run(3)
  t.equal(requests, 104)
  t.equal(sockets.size, 4)
  load.close()
})

t.test('an answer that comes in pieces is one answer', async (t) => {
  let requests = 0
  const target = await listen(t, (_req, res) => {
    requests += 1
    res.writeHead(200, { 'content-length': 4 }).write('ok')
    setImmediate(() => res.end('ay'))
  })
  const load = await openLoad(target, '/', 2)
  await load.run(10)
  t.equal(requests, 10)
  load.close()
})

t.test('it fails on an answer that is not like the others', async (t) => {
  let requests = 0
  const target = await listen(t, (_req, res) => {
    requests += 1
    res.writeHead(requests === 5 ? 500 : 200, { 'content-length': 2 }).end('ok')
  })
  const load = await openLoad(target, '/', 1)
  await t.rejects(load.run(6), /HTTP\/1.1 500/)
  load.close()
})

t.test('it fails when a connection is closed', async (t) => {
  const target = await listen(t, (req, res) => {
    if (req.socket.bytesWritten === 0) res.end('ok')
    else req.socket.end()
  })
  const load = await openLoad(target, '/', 1)
  await t.rejects(load.run(2), /closed a connection/)
  load.close()
})
