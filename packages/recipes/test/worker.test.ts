import { startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startDatabases, type TestDatabase } from '#src/databases.js'
import { example } from '#src/example.js'

const createDatabase = await startDatabases(t)

t.test('SIGTERM: the job in hand is committed, and no other one fetched', async (t) => {
  const database = await createDatabase(t)
  const worker = await startWorker(t, database)
  await addJobs(database, 300, 10)
  await worker.line('job 1 begins')
  worker.signal('SIGTERM')
  const { code, lines, report } = await worker.ended
  t.equal(code, 0)
  t.match(report, { reason: 'SIGTERM', verdict: 'clean' })
  t.strictSame(
    lines.filter((line) => line.startsWith('job')),
    ['job 1 begins', 'job 1 is charged', 'job 1 ends'],
  )
  t.strictSame(await stateOf(database), [
    { id: 1, done: true, effects: ['charged', 'mailed'] },
    { id: 2, done: false, effects: [] },
  ])
})

t.test('control: a worker that SIGTERM ends has charged for a job that will be done again', async (t) => {
  const database = await createDatabase(t)
  const worker = await startWorker(t, database, { CONTROL: '1' })
  await addJobs(database, 300, 10)
  await worker.line('job 1 is charged')
  worker.signal('SIGTERM')
  t.equal((await worker.ended).signal, 'SIGTERM')
  t.match(await stateOf(database), [{ id: 1, done: false, effects: ['charged'] }, { id: 2 }])
})

t.test('an idle worker stops at once', async (t) => {
  const database = await createDatabase(t)
  const worker = await startWorker(t, database)
  await worker.line('nothing to do')
  worker.signal('SIGTERM')
  const { code, report } = await worker.ended
  t.equal(code, 0)
  t.strictSame(report?.phases.map(({ phase, ended }) => `${phase}: ${ended}`).slice(0, 2), [
    'lame-duck: skipped: nothing serves',
    'last-call: skipped: nothing serves',
  ])
})

t.test(
  'a job that takes longer than the drain is given back, and done once by the next worker',
  async (t) => {
    const database = await createDatabase(t)
    const worker = await startWorker(t, database, { LASTCALL_GRACE_PERIOD_MS: '2000' })
    await addJobs(database, 60_000)
    await worker.line('job 1 begins')
    worker.signal('SIGTERM')
    const { code, report } = await worker.ended
    t.equal(code, 0)
    t.match(report, { verdict: 'clean' })
    t.strictSame(await stateOf(database), [{ id: 1, done: false, effects: [] }])

    await database.pool.query('UPDATE jobs SET ms = 10')
    const next = await startWorker(t, database)
    await next.line('job 1 ends')
    next.signal('SIGTERM')
    t.equal((await next.ended).code, 0)
    t.strictSame(await stateOf(database), [{ id: 1, done: true, effects: ['charged', 'mailed'] }])
  },
)

t.test('control: one that cannot be given back any more is cut, and the report says so', async (t) => {
  const database = await createDatabase(t)
  const worker = await startWorker(t, database, { LASTCALL_GRACE_PERIOD_MS: '2000' })
  await addJobs(database, 4_000)
  await worker.line('job 1 is charged')
  worker.signal('SIGTERM')
  const { code, report } = await worker.ended
  t.equal(code, 1)
  t.match(report, { verdict: 'forced', participants: { items: [{ name: 'pool' }, { name: 'worker' }] } })
  t.strictSame(await stateOf(database), [{ id: 1, done: false, effects: ['charged'] }])
})

t.test(
  'no session is left in the database when the worker is gone, however slow its query was',
  async (t) => {
    const database = await createDatabase(t)
    const worker = await startWorker(t, database)
    const letGo = await inSlowQuery(database)
    worker.signal('SIGTERM')
    await worker.line('"phase":"draining"')
    letGo()
    t.equal((await worker.ended).code, 0)
    t.equal(await database.sessions('worker'), 0)
  },
)

t.test('control: a worker that SIGTERM ends leaves a session, which goes on with its query', async (t) => {
  const database = await createDatabase(t)
  const worker = await startWorker(t, database, { CONTROL: '1' })
  const letGo = await inSlowQuery(database)
  worker.signal('SIGTERM')
  t.equal((await worker.ended).signal, 'SIGTERM')
  t.ok((await database.sessions('worker')) > 0)
  letGo()
})

async function startWorker(
  t: Test,
  database: TestDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const worker = startProgram(t, [example('worker/worker.js')], {
    env: { DATABASE_URL: database.url('worker'), CONCURRENCY: '1', ...env },
  })
  await worker.line('ready')
  return worker
}

const addJobs = ({ pool }: TestDatabase, ...ms: readonly number[]): Promise<unknown> =>
  pool.query('INSERT INTO jobs (ms) SELECT * FROM unnest($1::integer[])', [ms])

/** Every job, with its effects in the order of the alphabet. */
async function stateOf({ pool }: TestDatabase): Promise<unknown[]> {
  const { rows } = await pool.query<object>(`
    SELECT id, done, ARRAY(SELECT effect FROM effects WHERE job = id ORDER BY effect) AS effects
    FROM jobs ORDER BY id
  `)
  return rows
}

/** Settles when the worker is in a query that does not end until it is let go. */
async function inSlowQuery(database: TestDatabase): Promise<() => void> {
  const { pool } = database
  await pool.query(`
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
    CREATE TRIGGER wait BEFORE INSERT ON effects FOR EACH ROW EXECUTE FUNCTION wait();
  `)
  const lock = await pool.connect()
  await lock.query('SELECT pg_advisory_lock(1)')
  await addJobs(database, 0)
  const waiting = `SELECT FROM pg_stat_activity WHERE application_name = 'worker' AND wait_event = 'advisory'`
  while ((await pool.query(waiting)).rowCount === 0);
  // its session holds the lock
  return () => lock.release(true)
}
