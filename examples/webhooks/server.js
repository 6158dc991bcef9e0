// @ts-check
// Takes orders, and tells others of them when it has answered. A restart cuts none of that off, and forgets no webhook.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { drainServer, handleProbes } from '@lastcall/core/http'

const { OUTBOX = './outbox', PARTNER = 'http://127.0.0.1:3001' } = process.env
await mkdir(OUTBOX, { recursive: true })

// CONTROL=1 is what the tests compare with: the same program, which SIGTERM ends as it ends any other.
const shutdown = createShutdown(process.env.CONTROL === '1' ? { signals: false } : {})
const probe = handleProbes(shutdown)
const server = createServer((req, res) => {
  if (probe(req, res)) return
  takeOrder(req)
    .then(() => res.writeHead(202).end())
    .catch((error) => res.writeHead(400).end(error.message))
})
drainServer(server, shutdown)

/** @param {import('node:http').IncomingMessage} req */
async function takeOrder(req) {
  const order = await json(req)
  const id = randomUUID()
  await writeFile(join(OUTBOX, id), JSON.stringify(order))
  inBackground(sendWebhook(id), 'webhook')
  inBackground(sendMail(id), 'mail')
}

// What an earlier process could not send. An outbox belongs to one process at a time.
for (const id of await readdir(OUTBOX)) inBackground(sendWebhook(id), 'webhook')

/**
 * Nobody awaits it, but nothing is released before it is over.
 * @param {Promise<void>} work
 * @param {string} what
 */
function inBackground(work, what) {
  shutdown.track(work, what).catch((error) => console.error(`${what}: ${error.message}`))
}

/**
 * Stays in the outbox until it has arrived, so it may be given up when time gets short.
 * @param {string} id
 */
async function sendWebhook(id) {
  const file = join(OUTBOX, id)
  // One whose answer was lost arrives a second time: the key tells.
  await post('/webhook', await readFile(file, 'utf8'), { 'idempotency-key': id })
  await rm(file)
}

/** @param {string} id */
async function sendMail(id) {
  const text = await setTimeout(1_000, `Thank you for order ${id}`)
  await post('/mail', text)
}

/**
 * @param {string} path
 * @param {string} body
 * @param {Record<string, string>} [headers]
 */
async function post(path, body, headers = {}) {
  const { cancelling: signal } = shutdown
  const response = await fetch(new URL(path, PARTNER), { method: 'POST', body, headers, signal })
  // A body that nobody reads keeps its connection open.
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
}

server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1', () => {
  console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
})
