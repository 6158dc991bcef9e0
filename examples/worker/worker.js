// @ts-check
// Takes jobs from a table of PostgreSQL. It can be restarted at any time: each job is done once.
// Start it with `node worker.js`, as often as you like, stop it with Ctrl-C or SIGTERM.
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { startDatabase } from 'example-embedded-postgres'

const { pool, stop } = await startDatabase()
// A connection that breaks is replaced by the pool; without listeners it would be an uncaught error.
pool.on('error', (error) => console.error(error.message))
pool.on('connect', (client) => client.on('error', (error) => console.error(error.message)))
await pool.query(`
  CREATE TABLE IF NOT EXISTS jobs (id serial PRIMARY KEY, ms integer NOT NULL, done boolean NOT NULL DEFAULT false);
  CREATE TABLE IF NOT EXISTS effects (job integer NOT NULL, effect text NOT NULL);
`)

// CONTROL=1 is what the drill compares with: the same program, which SIGTERM ends as it ends any other.
const shutdown = createShutdown(process.env.CONTROL === '1' ? { signals: false } : {})
const fetching = new AbortController()

shutdown.register('postgres', stop)
shutdown.register('pool', () => pool.end())
shutdown.register('worker', {
  // No further job from here on: there is no router that has to notice first.
  onLameDuck: () => fetching.abort(),
  onDrain: () => working,
})

// Each needs two connections at times, and the pool has ten.
const working = Promise.all(Array.from({ length: Number(process.env.CONCURRENCY ?? 4) }, work))
shutdown.ready()
console.log('ready')

async function work() {
  while (!fetching.signal.aborted) {
    const found = await oneJob().catch((error) => console.error(error.message))
    if (found) continue
    // or the database is out of reach
    console.log('nothing to do')
    await setTimeout(200, undefined, { signal: fetching.signal }).catch(() => {})
  }
}

/** The job is locked until its transaction ends: no other worker sees it, and it is free again however this one ends. */
async function oneJob() {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query(
      'SELECT id, ms FROM jobs WHERE NOT done ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED',
    )
    const [job] = rows
    if (job) {
      await perform(job)
      await client.query('UPDATE jobs SET done = true WHERE id = $1', [job.id])
    }
    await client.query('COMMIT')
    if (job) await effect(job, 'mailed')
    return job !== undefined
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** @param {{ id: number, ms: number }} job */
async function perform(job) {
  console.log(`job ${job.id} begins`)
  // As long as nothing is done that cannot be undone, a job that takes too long is given back when time gets short.
  await setTimeout(job.ms, undefined, { signal: shutdown.cancelling })
  await effect(job, 'charged')
  console.log(`job ${job.id} is charged`)
  await setTimeout(job.ms)
  console.log(`job ${job.id} ends`)
}

/**
 * Stands for what no rollback takes back, a payment or a mail: a row that is written outside of the transaction.
 * @param {{ id: number }} job
 * @param {string} what
 */
async function effect({ id }, what) {
  await pool.query('INSERT INTO effects (job, effect) VALUES ($1, $2)', [id, what])
}
