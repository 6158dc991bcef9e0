// @ts-check
// A shop for a cluster: warm before it is ready, and replaced without anybody noticing.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { createAdminServer, drainServer, handleProbes } from '@lastcall/core/http'

const { ADMIN_PORT, CONTROL, PORT = 3000 } = process.env

const shutdown = createShutdown({ manualReady: true, ...(CONTROL === '1' && { signals: false }) })
const probe = handleProbes(shutdown)

// Longer than balancers keep an idle connection: 60 s are usual. Whoever closes first must not be the server.
const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
  if (probe(req, res)) return
  answer(req, res).catch((error) => res.writeHead(400).end(error.message))
})
// What it can be compared with: the usual line, without Last Call.
if (CONTROL === '1') process.once('SIGTERM', () => server.close(() => process.exit()))
else drainServer(server, shutdown)

/**
 * @param {import('node:http').IncomingMessage} req
 * @param {import('node:http').ServerResponse} res
 */
async function answer(req, res) {
  const order = req.method === 'POST' ? await json(req) : undefined
  await setTimeout(req.url === '/slow' ? 2_000 : 20)
  res.writeHead(order ? 201 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(order ?? menu))
}

// Without a port nobody can ask it for /drain: only one overlay does.
if (ADMIN_PORT) {
  const admin = await createAdminServer(shutdown, { port: Number(ADMIN_PORT) })
  console.log(`admin on ${admin.port}`)
}

server.listen(Number(PORT), async () => {
  console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
  await warmUp()
  shutdown.ready()
})

/** @type {string[]} */
const menu = []

/** Caches, connections, the first call of everything that is compiled on its first call. */
async function warmUp() {
  await setTimeout(Number(process.env.WARM_UP_MS ?? 500))
  menu.push('espresso', 'ristretto')
}
