import { startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startDatabases, type TestDatabase } from '#src/databases.js'
import { example } from '#src/example.js'

const createDatabase = await startDatabases(t)
const hourMs = 3_600_000

t.test('SIGTERM: the lease is given back after the last duty, and who stands by leads at once', async (t) => {
  const database = await createDatabase(t)
  const leader = startLeader(t, database, hourMs)
  await leader.line('leads')
  const standby = startLeader(t, database, hourMs)
  await standby.line('stands by')

  await nextDuty(leader)
  leader.signal('SIGTERM')
  const { code, report } = await leader.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })

  // an hour before the lease would have run out
  await standby.line('leads')
  standby.signal('SIGTERM')
  t.equal((await standby.ended).code, 0)
  t.strictSame([...new Set(await duties(database))], ['ended, alone'])
  t.equal((await database.pool.query('SELECT FROM leases')).rowCount, 0)
})

t.test('control: the lease of a process that was killed has to run out', async (t) => {
  const database = await createDatabase(t)
  const leader = startLeader(t, database, 5_000)
  await leader.line('leads')
  const standby = startLeader(t, database, 5_000)
  await standby.line('stands by')

  await nextDuty(leader)
  leader.signal('SIGKILL')
  await leader.ended
  const { rows } = await database.pool.query<{ until: string }>('SELECT until::text FROM leases')
  const [successor] = (await standby.line('leads')).split(' ')
  standby.signal('SIGTERM')
  t.equal((await standby.ended).code, 0)
  const { rowCount: tooEarly } = await database.pool.query(
    'SELECT FROM duties WHERE holder = $1 AND began < $2',
    [successor, rows[0]?.until],
  )
  t.equal(tooEarly, 0)
})

t.test('one that stands by stops at once, and leaves the lease alone', async (t) => {
  const database = await createDatabase(t)
  const leader = startLeader(t, database, hourMs)
  await leader.line('leads')
  const standby = startLeader(t, database, hourMs)
  await standby.line('stands by')
  standby.signal('SIGTERM')
  t.equal((await standby.ended).code, 0)
  t.equal((await database.pool.query('SELECT FROM leases')).rowCount, 1)
  leader.signal('SIGTERM')
  t.equal((await leader.ended).code, 0)
})

const startLeader = (t: Test, database: TestDatabase, leaseMs: number): Program =>
  startProgram(t, [example('worker/leader.js')], {
    env: { DATABASE_URL: database.url(), LEASE_MS: String(leaseMs) },
  })

/** Settles when it has begun another duty. */
const nextDuty = (leader: Program): Promise<string> => {
  const dutiesSaid = (): number => leader.lines().filter((line) => line.endsWith('leads')).length
  const before = dutiesSaid()
  return leader.line(() => dutiesSaid() > before, 'another duty')
}

/** In order; `alone`: nobody else was at one at the same time. */
async function duties({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ ended: boolean; alone: boolean }>(`
    SELECT ended IS NOT NULL AS ended, NOT EXISTS (
      SELECT FROM duties b WHERE b.holder <> a.holder AND (b.began, b.ended) OVERLAPS (a.began, a.ended)
    ) AS alone
    FROM duties a ORDER BY began
  `)
  return rows.map(({ ended, alone }) => `${ended ? 'ended' : 'not ended'}, ${alone ? 'alone' : 'not alone'}`)
}
