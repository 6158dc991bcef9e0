// @ts-check
// Takes uploads. Whatever ends the process, a file is there whole or not at all.
// Start it with `node server.js`, stop it with Ctrl-C or SIGTERM.
import { randomUUID } from 'node:crypto'
import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createShutdown } from '@lastcall/core'
import { drainServer, handleProbes } from '@lastcall/core/http'

const { FOLDER = './uploads' } = process.env
// In the same file system: what is whole is renamed.
const partsFolder = join(FOLDER, 'parts')
await mkdir(partsFolder, { recursive: true })

/** What is being received, by the file that it is written to. @type {Map<string, Promise<unknown>>} */
const uploads = new Map()

// CONTROL=1 is what the tests compare with: the same program, which SIGTERM ends as it ends any other.
const shutdown = createShutdown(process.env.CONTROL === '1' ? { signals: false } : {})
const probe = handleProbes(shutdown)
const server = createServer((req, res) => {
  if (probe(req, res)) return
  const name = randomUUID()
  const part = join(partsFolder, name)
  const upload = receive(req, part, join(FOLDER, name))
    .then(() => res.writeHead(201).end(name))
    .catch((error) => res.writeHead(500).end(error.message))
    .finally(() => uploads.delete(part))
  uploads.set(part, upload)
})

/**
 * @param {import('node:http').IncomingMessage} req
 * @param {string} part
 * @param {string} whole
 */
async function receive(req, part, whole) {
  try {
    await pipeline(req, createWriteStream(part, { flush: true }))
    await rename(part, whole)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

drainServer(server, shutdown)
// Uploads that the drain deadline has cut are over when their parts are removed.
shutdown.register('uploads', () => Promise.all(uploads.values()))
// Whatever ends the process in between, a second Ctrl-C for instance.
process.on('exit', () => {
  for (const part of uploads.keys()) rmSync(part, { force: true })
})
// And what a process left behind that was killed: nobody has written to it for an hour.
for (const name of await readdir(partsFolder)) {
  const part = join(partsFolder, name)
  if ((await stat(part)).mtimeMs < Date.now() - 3_600_000) await rm(part)
}

server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1', () => {
  console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
})
