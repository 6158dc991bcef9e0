import { seeded, startCommand, type Command, type Output } from '@lastcall/testing'
import { startDatabase, type Database } from 'example-embedded-postgres'
import { example } from './example.js'

export interface JobDrillOptions {
  readonly jobs: number
  readonly restarts: number
  /** The same program, which SIGTERM ends as it ends any other. */
  readonly control: boolean
}

/** What became of the jobs, each of which has two effects. */
export interface JobDrillResult {
  readonly jobs: number
  readonly restarts: number
  /** Jobs whose effects are there, both of them once. */
  readonly exactlyOnce: number
  /** Jobs of which an effect is there more than once. */
  readonly doubled: number
  /** Jobs of which an effect is missing. */
  readonly lost: number
  /** How the workers ended: 'code 0' or 'SIGTERM'. */
  readonly ended: readonly string[]
  /** Sessions that the database still had when a worker was gone, over all restarts. */
  readonly sessionsLeft: number
}

/** Restarts a worker again and again in the middle of its work, the next one beginning while the last one ends. */
export async function runJobDrill(options: JobDrillOptions): Promise<JobDrillResult> {
  const { jobs, restarts, control } = options
  const random = seeded(1)
  const database = await startDatabase()
  // in the end the server may be gone before the pool has said goodbye
  database.pool.on('error', () => {})
  const workers: Command[] = []
  const outcomes: Promise<Outcome>[] = []
  const start = (): Command => {
    const name = `worker ${workers.length}`
    const url = `${database.url}&application_name=${encodeURIComponent(name)}`
    const worker = startCommand([process.execPath, example('worker/worker.js')], {
      env: { DATABASE_URL: url, ...(control ? { CONTROL: '1' } : {}) },
    })
    workers.push(worker)
    outcomes.push(
      worker.ended.then(async (output) => ({ output, sessions: await sessionsOf(database, name) })),
    )
    return worker
  }

  try {
    let worker = start()
    await worker.line('ready')
    await database.pool.query('INSERT INTO jobs (ms) SELECT 20 + 40 * random() FROM generate_series(1, $1)', [
      jobs,
    ])
    for (let restart = 0; restart < restarts; restart += 1) {
      await said(worker, 10 + Math.floor(20 * random()))
      worker.signal('SIGTERM')
      worker = start()
    }
    await worker.line('nothing to do')
    worker.signal('SIGTERM')
    const ends = await Promise.all(outcomes)
    return {
      ...options,
      ...(await tally(database)),
      ended: ends.map(({ output: { code, signal } }) => signal ?? `code ${code}`),
      sessionsLeft: ends.reduce((sum, { sessions }) => sum + sessions, 0),
    }
  } finally {
    for (const worker of workers) worker.signal('SIGKILL')
    await Promise.allSettled(outcomes)
    await database.pool.end()
    await database.stop()
  }
}

interface Outcome {
  readonly output: Output
  readonly sessions: number
}

/** Settles when the worker has said so many lines about jobs: it is in the middle of some of them. */
const said = (worker: Command, lines: number): Promise<string> =>
  worker.line(
    () => worker.lines().filter((line) => line.startsWith('job ')).length >= lines,
    `${lines} lines about jobs`,
  )

async function sessionsOf({ pool }: Database, name: string): Promise<number> {
  const { rowCount } = await pool.query('SELECT FROM pg_stat_activity WHERE application_name = $1', [name])
  return rowCount ?? 0
}

async function tally({ pool }: Database): Promise<Pick<JobDrillResult, 'exactlyOnce' | 'doubled' | 'lost'>> {
  const { rows } = await pool.query<{ charged: number; mailed: number }>(`
    SELECT
      (SELECT count(*)::int FROM effects WHERE job = id AND effect = 'charged') AS charged,
      (SELECT count(*)::int FROM effects WHERE job = id AND effect = 'mailed') AS mailed
    FROM jobs
  `)
  return {
    exactlyOnce: rows.filter(({ charged, mailed }) => charged === 1 && mailed === 1).length,
    doubled: rows.filter(({ charged, mailed }) => charged > 1 || mailed > 1).length,
    lost: rows.filter(({ charged, mailed }) => charged === 0 || mailed === 0).length,
  }
}
