import { connect } from 'node:net'
import { networkInterfaces, platform } from 'node:os'
import t from 'tap'
import type { ConnectOptions } from './raw-client.js'
import { serveAdmin, token } from './serve-admin.js'

const local = 'Host: localhost'
const bearer = `Authorization: Bearer ${token}`
// a name that points here, as far as the server can tell
const elsewhere = 'Host: pod-7.example'

interface Row {
  readonly title: string
  readonly lines: readonly string[]
  /** With a token set, and without one. */
  readonly status: readonly [number, number]
}

const rows: readonly Row[] = [
  { title: 'POST from this machine', lines: ['POST /drain HTTP/1.1', local], status: [200, 200] },
  { title: 'by its address', lines: ['POST /drain HTTP/1.1', 'Host: 127.0.0.1:9090'], status: [200, 200] },
  { title: 'by that of IPv6', lines: ['POST /drain HTTP/1.1', 'Host: [::1]:9090'], status: [200, 200] },
  { title: 'with a query', lines: ['POST /drain?now HTTP/1.1', local], status: [200, 200] },
  {
    title: 'with an empty body',
    lines: ['POST /drain HTTP/1.1', local, 'Content-Length: 0'],
    status: [200, 200],
  },
  { title: 'GET without the token', lines: ['GET /drain HTTP/1.1', local], status: [401, 403] },
  { title: 'GET with the token', lines: ['GET /drain HTTP/1.1', local, bearer], status: [200, 403] },
  { title: 'from elsewhere', lines: ['POST /drain HTTP/1.1', elsewhere], status: [401, 403] },
  {
    title: 'from elsewhere, GET with the token',
    lines: ['GET /drain HTTP/1.1', elsewhere, bearer],
    status: [200, 403],
  },
  {
    title: 'from elsewhere, POST with the token',
    lines: ['POST /drain HTTP/1.1', elsewhere, bearer],
    status: [200, 403],
  },
  {
    title: 'the scheme in other letters',
    lines: ['GET /drain HTTP/1.1', elsewhere, `authorization: bearer  ${token}`],
    status: [200, 403],
  },
  { title: 'a wrong token', lines: ['GET /drain HTTP/1.1', elsewhere, `${bearer}x`], status: [401, 403] },
  {
    title: 'part of the token',
    lines: ['GET /drain HTTP/1.1', elsewhere, bearer.slice(0, -1)],
    status: [401, 403],
  },
  {
    title: 'an empty token',
    lines: ['GET /drain HTTP/1.1', elsewhere, 'Authorization: Bearer '],
    status: [401, 403],
  },
  {
    title: 'another scheme',
    lines: ['GET /drain HTTP/1.1', elsewhere, `Authorization: Basic ${token}`],
    status: [401, 403],
  },
  {
    title: 'two tokens, the second right',
    lines: ['GET /drain HTTP/1.1', elsewhere, 'Authorization: Bearer no', bearer],
    status: [401, 403],
  },
  { title: 'no host', lines: ['POST /drain HTTP/1.0'], status: [401, 403] },
  {
    title: 'a proxy that adds nothing',
    lines: ['POST /drain HTTP/1.0', 'Host: 127.0.0.1:9090'],
    status: [401, 403],
  },
  ...[
    'Forwarded: for=192.0.2.43',
    'X-Forwarded-For: 192.0.2.43',
    'x-forwarded-for: 127.0.0.1',
    'X-Forwarded-Proto: https',
    'X-Original-Forwarded-For: 192.0.2.43',
    'Via: 1.1 proxy',
    'X-Real-IP: 192.0.2.43',
    'X-Client-IP: 192.0.2.43',
    'X-Envoy-External-Address: 192.0.2.43',
  ].map((header): Row => ({
    title: header,
    lines: ['POST /drain HTTP/1.1', local, header],
    status: [401, 403],
  })),
  {
    title: 'a proxy, with the token',
    lines: ['POST /drain HTTP/1.1', elsewhere, 'Via: 1.1 proxy', bearer],
    status: [200, 403],
  },
  ...[
    'Origin: http://localhost',
    'Origin: null',
    'Sec-Fetch-Site: same-origin',
    'Sec-Fetch-Site: none',
  ].flatMap((header): Row[] => [
    { title: header, lines: ['POST /drain HTTP/1.1', local, header], status: [403, 403] },
    {
      title: `${header}, with the token`,
      lines: ['POST /drain HTTP/1.1', local, header, bearer],
      status: [403, 403],
    },
  ]),
  {
    title: 'an absolute target',
    lines: ['POST http://pod-7.example/drain HTTP/1.1', local],
    status: [404, 404],
  },
  { title: 'HEAD', lines: ['HEAD /drain HTTP/1.1', local, bearer], status: [405, 405] },
  { title: 'PUT', lines: ['PUT /drain HTTP/1.1', local, bearer], status: [405, 405] },
]

t.jobs = 4

for (const [column, admin] of [{ token }, {}].entries()) {
  for (const { title, lines, status } of rows) {
    t.test(`${title}, ${'token' in admin ? 'a token is set' : 'no token is set'}`, async (t) => {
      const served = await serveAdmin(t, { admin })
      const client = await served.connect()
      client.socket.write(`${lines.join('\r\n')}\r\n\r\n`)
      // the answer to HEAD says how long its body would be
      t.equal(await client.over, 'FIN')
      t.equal(Number(client.text.split(' ')[1]), status[column])
      t.equal(served.shutdown.phase, status[column] === 200 ? 'stopped' : 'starting')
    })
  }
}

// elsewhere the other addresses of the loopback network have to be set up first
const skip = platform() !== 'linux'

t.test(
  'a connection that has one end at another address of this machine is from elsewhere',
  { skip },
  async (t) => {
    const served = await serveAdmin(t, { admin: { host: '0.0.0.0' } })
    const request = ['POST /drain HTTP/1.1', local]
    // the client is 127.0.0.1
    t.match(await served.ask(request, { host: '127.0.0.2' }), { status: 403 })
    const status = await new Promise<string>((resolve) => {
      const socket = connect({ port: served.admin.port, host: '127.0.0.1', localAddress: '127.0.0.2' })
      socket.end(`${request.join('\r\n')}\r\n\r\n`)
      socket.once('data', (data) => resolve(String(data).slice(0, 12)))
    })
    t.equal(status, 'HTTP/1.1 403')
    t.equal(served.shutdown.phase, 'starting')
    // the control
    t.match(await served.ask(request), { status: 200 })
  },
)

const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

t.test(
  'IPv6 is this machine too, by itself and on a socket that takes both',
  { skip: !hasIPv6 },
  async (t) => {
    const request = ['POST /drain HTTP/1.1', local]
    for (const [listens, asked] of [
      ['::1', '::1'],
      ['::', '::1'],
      ['::', '127.0.0.1'],
    ] as const) {
      const served = await serveAdmin(t, { admin: { host: listens } })
      const how: ConnectOptions = { host: asked }
      t.match(await served.ask(request, how), { status: 200 }, `${asked} on ${listens}`)
    }
  },
)

t.test('a refusal says what is missing, and how', async (t) => {
  const guarded = await serveAdmin(t, { admin: { token } })
  const answer = await guarded.ask(['GET /drain HTTP/1.1', elsewhere])
  t.match(answer.headers, { 'www-authenticate': 'Bearer', 'content-type': 'application/json' })
  t.strictSame(JSON.parse(answer.body), {
    statusCode: 401,
    error: 'Unauthorized',
    message: 'it takes the token, or a POST from this machine',
  })
  const open = await serveAdmin(t)
  t.match(JSON.parse((await open.ask(['GET /drain HTTP/1.1', elsewhere])).body), {
    message: 'no token is set, so it takes a POST from this machine',
  })
})

t.test('refusals are logged once each: a hook that is set up wrong should be found', async (t) => {
  const served = await serveAdmin(t, { admin: { token } })
  for (let count = 0; count < 3; count += 1) {
    await served.ask(['GET /drain HTTP/1.1', elsewhere, 'Authorization: Bearer no'])
    await served.ask(['POST /drain HTTP/1.1', local, 'Origin: null'])
  }
  t.strictSame(served.warnings, [
    '/drain refused: it takes the token, or a POST from this machine',
    '/drain refused: browsers may not',
  ])
})
