// What it costs to know the requests in flight, per request, in normal service: ways to count them, side by side in one run.
import { writeFileSync } from 'node:fs'
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http'
import { Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { createShutdown } from '@lastcall/core'
import { drainServer } from '@lastcall/core/http'
import { describeMachine } from './machine.js'
import { formatTable } from './markdown.js'

interface Way {
  readonly what: string
  /** Whether it can say which request is cut at the deadline. */
  readonly names: 'all' | 'the newest of a connection' | 'none'
  readonly count: (server: Server) => void
}

const rounds = 40
const requestsPerRound = 20_000

const ways: readonly Way[] = [
  { what: 'nothing', names: 'none', count: () => {} },
  {
    what: 'Last Call: numbers and the newest response on the connection',
    names: 'the newest of a connection',
    count(server) {
      const shutdown = createShutdown({ signals: false, crashes: false, exit: false })
      drainServer(server, shutdown)
    },
  },
  {
    what: 'the same without the time of requests and of the pauses between them',
    names: 'the newest of a connection',
    count(server) {
      const key: unique symbol = Symbol('connection')
      type Known = Socket & { [key]?: { count: number; newest: ServerResponse | undefined } }
      function onClose(this: ServerResponse): void {
        const connection = (this.req.socket as Known)[key]
        if (!connection) return
        connection.count -= 1
        if (connection.count === 0) connection.newest = undefined
      }
      server.prependListener('request', (req, res) => {
        const connection = ((req.socket as Known)[key] ??= { count: 0, newest: undefined })
        connection.count += 1
        connection.newest = res
        res.on('close', onClose)
      })
    },
  },
  {
    what: 'one number, one listener shared by all',
    names: 'none',
    count(server) {
      let inFlight = 0
      const onClose = (): void => void (inFlight -= 1)
      server.prependListener('request', (_req, res) => {
        inFlight += 1
        res.on('close', onClose)
      })
    },
  },
  {
    what: 'a Set of responses, one listener shared by all',
    names: 'all',
    count(server) {
      const inFlight = new Set<ServerResponse>()
      function onClose(this: ServerResponse): void {
        inFlight.delete(this)
      }
      server.prependListener('request', (_req, res) => {
        inFlight.add(res)
        res.on('close', onClose)
      })
    },
  },
  {
    what: 'a Map by socket, a closure per request',
    names: 'the newest of a connection',
    count(server) {
      const inFlight = new Map<Socket, { count: number; newest: IncomingMessage | undefined }>()
      server.prependListener('request', (req, res) => {
        const connection = inFlight.get(req.socket) ?? { count: 0, newest: undefined }
        inFlight.set(req.socket, connection)
        connection.count += 1
        connection.newest = req
        res.once('close', () => {
          connection.count -= 1
          if (connection.count === 0) connection.newest = undefined
        })
      })
    },
  },
  {
    what: 'a property defined on the response, a closure per request',
    names: 'none',
    count(server) {
      let inFlight = 0
      server.prependListener('request', (_req, res) => {
        inFlight += 1
        Object.defineProperty(res, 'inFlight', { get: () => inFlight, configurable: true })
        res.once('close', () => (inFlight -= 1))
      })
    },
  },
]

/** One connection that carries request after request: what Node itself does for one is left out, but for its two objects. */
function startServer({ count }: Way): () => void {
  const server = createServer(() => {})
  count(server)
  const socket = new Socket()
  server.emit('connection', socket)
  return () => {
    const req = new IncomingMessage(socket)
    const res = new ServerResponse(req)
    server.emit('request', req, res)
    res.emit('close')
  }
}

/** Processor time of one round, in ns per request. */
function measure(request: () => void): number {
  const before = process.cpuUsage()
  for (let done = 0; done < requestsPerRound; done += 1) request()
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1_000) / requestsPerRound
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const servers = ways.map((way) => ({ way, request: startServer(way), took: [] as number[] }))
for (const { request } of servers) measure(request)
for (let round = 0; round < rounds; round += 1) {
  // there and back, so that a slower moment of the machine meets all of them
  const inTurn = round % 2 === 0 ? servers : servers.toReversed()
  for (const { request, took } of inTurn) took.push(measure(request))
}

const bare = median(servers[0]?.took ?? [])
const rows = servers.slice(1).map(({ way, took }) => {
  const added = median(took) - bare
  return [way.what, way.names, `${Math.round(added)} ns`]
})
const table = formatTable([['way to count', 'can name', 'added per request'], ...rows])
const text = `# What counting the requests in flight costs

${describeMachine()}

\`pnpm --filter @lastcall/bench in-flight\`: ${rounds} rounds of ${requestsPerRound} requests each, in turn, medians of processor time. Node's own part of
a request is left out; a bare \`node:http\` server spends tens of thousands of ns on one.

${table}
`
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
if (values.write) writeFileSync(new URL('../results/in-flight.md', import.meta.url), text)
process.stdout.write(text)
process.exit()
