// @ts-check
// Prints reports for a queue of BullMQ. It can be restarted at any time: each page is printed once.
// Start it with `node worker.js`, as often as you like, stop it with Ctrl-C or SIGTERM.
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { WaitingError, Worker } from 'bullmq'
import { Redis } from 'ioredis'

/** @typedef {import('bullmq').Job<{ pages: number, ms: number, printed?: number }>} Report */

// BullMQ wants a connection whose commands wait for as long as Redis is away.
const redis = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', { maxRetriesPerRequest: null })
redis.on('error', (error) => console.error(error.message))

// The job of a worker that was killed is free again when its lock has run out.
const lockMs = Number(process.env.LOCK_MS ?? 30_000)
const worker = new Worker('reports', printReport, {
  connection: redis,
  lockDuration: lockMs,
  stalledInterval: lockMs,
})
worker.on('error', (error) => console.error(error.message))

const shutdown = createShutdown(process.env.CONTROL === '1' ? { signals: false } : {})
if (process.env.CONTROL === '1') {
  // What the tests compare with: the usual few lines, without Last Call.
  process.once('SIGTERM', () => void worker.close().then(() => redis.quit()))
} else {
  shutdown.register('redis', () => redis.quit())
  // `close` takes no further job from here on, where `pause` would take one more; it settles when those in hand
  // are over, and draining waits for it, but not for ever.
  shutdown.register('worker', { onLameDuck: () => worker.close() })
}
await worker.waitUntilReady()
shutdown.ready()
console.log('ready')

/**
 * @param {Report} job
 * @param {string} [token]
 */
async function printReport(job, token) {
  let { printed = 0 } = job.data
  try {
    for (; printed < job.data.pages; printed += 1) await printPage(job, printed)
  } catch (error) {
    if (!shutdown.cancelling.aborted) throw error
    // Time is nearly up. Back into the queue: another worker goes on from here at once.
    await job.updateData({ ...job.data, printed })
    await job.moveToWait(token)
    throw new WaitingError()
  }
}

/**
 * @param {Report} job
 * @param {number} page
 */
async function printPage({ id, data }, page) {
  // Can be given up as long as nothing is printed.
  await setTimeout(data.ms, undefined, { signal: shutdown.cancelling })
  await redis.rpush(`printed:${id}`, page)
  console.log(`page ${page} of report ${id}`)
}
