import { startDatabase } from 'example-embedded-postgres'
import { Pool } from 'pg'
import type { Test } from 'tap'

/** A database of a server that is there for one file of tests. */
export interface TestDatabase {
  /** For DATABASE_URL; the name is what pg_stat_activity calls those who come by it. */
  url(name?: string): string
  readonly pool: Pool
  /** How many sessions there are by this name. */
  sessions(name: string): Promise<number>
}

/** Starts a server, and makes empty databases on it. */
export async function startDatabases(t: Test): Promise<(t: Test) => Promise<TestDatabase>> {
  const server = await startDatabase()
  // in the end the server may be gone before its pools have said goodbye
  server.pool.on('error', () => {})
  t.teardown(async () => {
    await server.pool.end()
    await server.stop()
  })
  let made = 0
  return async (inner) => {
    const database = `test_${(made += 1)}`
    await server.pool.query(`CREATE DATABASE ${database}`)
    const url = (name = 'test'): string => {
      const address = new URL(server.url)
      address.pathname = database
      address.searchParams.set('application_name', name)
      return address.href
    }
    const pool = new Pool({ connectionString: url() })
    pool.on('error', () => {})
    inner.teardown(() => pool.end())
    return {
      url,
      pool,
      async sessions(name) {
        const { rowCount } = await pool.query('SELECT FROM pg_stat_activity WHERE application_name = $1', [
          name,
        ])
        return rowCount ?? 0
      },
    }
  }
}
