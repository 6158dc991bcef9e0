// @ts-check
// Of all that run, one leads. Another takes over as soon as it stops, and when its lease has run out if it dies.
// Start it with `node leader.js`, as often as you like, stop it with Ctrl-C or SIGTERM.
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { startDatabase } from 'example-embedded-postgres'

const leaseMs = Number(process.env.LEASE_MS ?? 30_000)
const me = randomUUID()

const { pool, stop } = await startDatabase()
pool.on('error', (error) => console.error(error.message))
await pool.query(`
  CREATE TABLE IF NOT EXISTS leases (name text PRIMARY KEY, holder text NOT NULL, until timestamptz NOT NULL);
  CREATE TABLE IF NOT EXISTS duties (holder text NOT NULL, began timestamptz NOT NULL, ended timestamptz);
`)

// Those who stand by are told when the lease is free.
let next = new AbortController()
const listener = await pool.connect()
listener.on('error', (error) => console.error(error.message))
listener.on('notification', () => next.abort())
await listener.query('LISTEN free')

const shutdown = createShutdown()
const leading = new AbortController()

shutdown.register('postgres', stop)
shutdown.register('pool', () => pool.end())
shutdown.register('listener', () => listener.release(true))
// After the last duty, since releasing comes after draining, and before the pool.
shutdown.register('lease', giveBack)
shutdown.register('leader', { onLameDuck: () => leading.abort(), onDrain: () => led })

const led = lead()
shutdown.ready()

async function lead() {
  while (!leading.signal.aborted) {
    // Before the lease is asked for, or what happens in between would be missed.
    next = new AbortController()
    try {
      if (await hasLease()) await duty()
      else console.log(`${me} stands by`)
    } catch (error) {
      console.error(error)
    }
    const woken = AbortSignal.any([next.signal, leading.signal])
    await setTimeout(Math.min(leaseMs / 3, 1_000), undefined, { signal: woken }).catch(() => {})
  }
}

/** Takes the lease if it is free, and renews it. */
async function hasLease() {
  const { rowCount } = await pool.query(
    `INSERT INTO leases VALUES ('leader', $1, now() + $2 * interval '1 ms')
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
     WHERE leases.holder = excluded.holder OR leases.until < now()`,
    [me, leaseMs],
  )
  return rowCount === 1
}

async function giveBack() {
  const { rowCount } = await pool.query('DELETE FROM leases WHERE holder = $1', [me])
  if (rowCount === 1) await pool.query('NOTIFY free')
}

/** What only one may do at a time. It has to be over before its lease is. */
async function duty() {
  console.log(`${me} leads`)
  await pool.query('INSERT INTO duties VALUES ($1, clock_timestamp())', [me])
  await setTimeout(300)
  await pool.query('UPDATE duties SET ended = clock_timestamp() WHERE holder = $1 AND ended IS NULL', [me])
}
