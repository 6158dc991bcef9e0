import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { openConnection } from '#src/drill/traffic/connection.js'
import type { Connection } from '#src/drill/traffic/connection.js'
import { drainBody } from '#src/drill/traffic/read-body.js'
import type { ReadBody } from '#src/drill/traffic/read-body.js'

async function listen(t: Test, server: Server, silenceMs?: number): Promise<Connection> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server
  const connection = openConnection({ name: 'target', host: '127.0.0.1', port }, { silenceMs })
  t.teardown(() => {
    connection.close()
    server.close()
  })
  return connection
}

const serve = (t: Test, listener: RequestListener): Promise<Connection> => listen(t, createServer(listener))

/** A server that answers each connection with these bytes, and then ends or resets it. */
const answerWith = (t: Test, bytes: string, end: (socket: Socket) => void): Promise<Connection> =>
  listen(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => (bytes === '' ? end(socket) : socket.write(bytes, () => end(socket))))
    }),
  )

const get = { method: 'GET', path: '/' } as const

t.test('requests that follow each other use one connection', async (t) => {
  const ports = new Set<number | undefined>()
  const connection = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort)
    response.end()
  })
  t.strictSame(await connection.send(get), { outcome: 'ok', status: 200, told: false, fresh: true })
  t.strictSame(await connection.send(get), { outcome: 'ok', status: 200, told: false, fresh: false })
  t.equal(ports.size, 1)
  t.ok(connection.isOpen())
})

t.test('a request written to a reused connection that ends is lost, and never sent again', async (t) => {
  let seen = 0
  const connection = await serve(t, (request, response) => {
    if (++seen === 1) response.end()
    else request.socket.destroy()
  })
  t.match(await connection.send(get), { outcome: 'ok' })
  t.strictSame(await connection.send(get), { outcome: 'reset', status: undefined, told: false, fresh: false })
  t.equal(seen, 2)
  t.notOk(connection.isOpen())
})

t.test('a POST is not sent again either', async (t) => {
  let seen = 0
  const connection = await serve(t, (request, response) => {
    if (++seen === 1) response.end()
    else request.socket.resetAndDestroy()
  })
  const post = { method: 'POST', path: '/', body: '{}' } as const
  t.match(await connection.send(post), { outcome: 'ok' })
  t.match(await connection.send(post), { outcome: 'reset' })
  t.equal(seen, 2)
})

t.test('a connection that was told to close is not open any more', async (t) => {
  const connection = await serve(t, (_request, response) => {
    response.shouldKeepAlive = false
    response.end()
  })
  t.ok(connection.isOpen())
  t.match(await connection.send(get), { outcome: 'ok', told: true })
  t.notOk(connection.isOpen())
})

t.test('a connection of HTTP/1.0 takes one request, unless the server keeps it', async (t) => {
  for (const [header, isOpen] of [
    ['', false],
    ['connection: keep-alive\r\n', true],
  ] as const) {
    const answer = `HTTP/1.0 200 OK\r\n${header}content-length: 0\r\n\r\n`
    const connection = await answerWith(t, answer, () => {})
    t.match(await connection.send(get), { outcome: 'ok', told: false })
    t.equal(connection.isOpen(), isOpen)
  }
})

t.test('headers are sent, and take the place of those that are usual', async (t) => {
  const seen: unknown[] = []
  const connection = await serve(t, (request, response) => {
    seen.push([request.headers['content-type'], request.headers['x-tenant']])
    request.resume()
    response.end()
  })
  const headers = { 'X-Tenant': 'beans', 'Content-Type': 'text/plain' }
  await connection.send({ ...get, headers })
  await connection.send({ method: 'POST', path: '/', body: Buffer.from('beans'), headers })
  await connection.send({ method: 'POST', path: '/', body: '{}' })
  t.strictSame(seen, [
    ['text/plain', 'beans'],
    ['text/plain', 'beans'],
    ['application/json', undefined],
  ])
})

t.test('a connection that the server ends while it is idle is not open any more', async (t) => {
  let socket: Socket | undefined
  const connection = await serve(t, (request, response) => {
    socket = request.socket
    response.end()
  })
  await connection.send(get)
  socket?.end()
  if (socket) await once(socket, 'close') // the client has answered with its own end
  t.notOk(connection.isOpen())
})

t.test('a server that is not there refuses', async (t) => {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server
  server.close()
  await once(server, 'close')
  const connection = openConnection({ name: 'nobody', host: '127.0.0.1', port })
  t.strictSame(await connection.send(get), {
    outcome: 'refused',
    status: undefined,
    told: false,
    fresh: true,
  })
})

t.test('an end without an answer is a reset', async (t) => {
  const connection = await answerWith(t, '', (socket) => socket.end())
  t.match(await connection.send(get), { outcome: 'reset' })
})

const short = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort'

t.test('a body that ends before its length is truncated', async (t) => {
  const connection = await answerWith(t, short, (socket) => socket.end())
  t.match(await connection.send(get), { outcome: 'truncated', status: 200 })
})

t.test('a reset in the middle of a body is truncated, not reset', async (t) => {
  let reset = (): void => {}
  const connection = await answerWith(t, short, (socket) => (reset = () => socket.resetAndDestroy()))
  // Only when the headers have arrived: a reset that comes at once takes what is still unread with it.
  const read: ReadBody = (response) => {
    reset()
    return drainBody(response)
  }
  t.match(await connection.send({ ...get, read }), { outcome: 'truncated', status: 200 })
})

t.test('a chunked body without its last chunk is truncated', async (t) => {
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n'
  const connection = await answerWith(t, chunked, (socket) => socket.end())
  t.match(await connection.send(get), { outcome: 'truncated' })
})

t.test('server errors and other answers are told apart', async (t) => {
  let status = 503
  const connection = await serve(t, (_request, response) => void response.writeHead(status).end())
  t.match(await connection.send(get), { outcome: 'serverError', status: 503 })
  status = 404
  t.match(await connection.send(get), { outcome: 'other', status: 404 })
  status = 201
  t.match(await connection.send(get), { outcome: 'ok', status: 201 })
})

t.test('what is not HTTP is another failure', async (t) => {
  const connection = await answerWith(t, 'SSH-2.0-OpenSSH_9.6\r\n', (socket) => socket.end())
  t.match(await connection.send(get), { outcome: 'other', status: undefined })
})

t.test('a body that is not what it should be counts as truncated', async (t) => {
  const connection = await serve(t, (_request, response) => void response.end('beans'))
  const read = async (response: NodeJS.ReadableStream): Promise<boolean> => {
    response.resume()
    await once(response, 'end')
    return false
  }
  t.match(await connection.send({ ...get, read }), { outcome: 'truncated', status: 200 })
})

t.test(
  'a server that stays silent is timed out, before its answer as well as in the middle of it',
  async (t) => {
    const before = await listen(t, createServer(), 100)
    t.match(await before.send(get), { outcome: 'timedOut', status: undefined })
    const during = createServer((_request, response) => void response.write('the first line'))
    t.match(await (await listen(t, during, 100)).send(get), { outcome: 'timedOut', status: 200 })
  },
)
