import { once } from 'node:events'
import { createGate, startProgram, type Gate, type Program } from '@lastcall/testing'
import { Queue, Worker, type Job } from 'bullmq'
import t, { type Test } from 'tap'
import { example } from '#src/example.js'
import { skipWithoutRedis as skip, startRedis, type RedisServer } from '#src/start-redis.js'

t.test('SIGTERM: the job in hand is completed, and no other one fetched', { skip }, async (t) => {
  const { redis, queue } = await startQueue(t)
  const worker = await startWorker(t, redis)
  await queue.add('first', { pages: 3, ms: 100 }, { jobId: 'first' })
  await queue.add('second', { pages: 1, ms: 0 }, { jobId: 'second' })
  await worker.line('page 0 of report first')
  worker.signal('SIGTERM')
  const { code, report } = await worker.ended
  t.equal(code, 0)
  t.match(report, { reason: 'SIGTERM', verdict: 'clean' })
  t.strictSame(await statesOf(queue), { first: 'completed', second: 'waiting' })
  t.strictSame(await printed(redis, 'first'), pages(3))
})

t.test('control: that of a worker which is killed is locked, and printed in part', { skip }, async (t) => {
  const { redis, queue } = await startQueue(t)
  const worker = await startWorker(t, redis)
  await queue.add('first', { pages: 100, ms: 100 }, { jobId: 'first' })
  await worker.line('page 0 of report first')
  worker.signal('SIGKILL')
  await worker.ended
  t.strictSame(await statesOf(queue), { first: 'active' })
})

t.test('a worker that is closed takes no job that comes later', { skip }, async (t) => {
  const { redis, queue } = await startQueue(t)
  const { worker, inHand } = await busyWorker(t, redis, queue)
  const closed = worker.close()
  while (await isFetching(redis));
  await queue.add('late', {}, { jobId: 'late' })
  inHand.open()
  await closed
  t.strictSame(await statesOf(queue), { inHand: 'completed', late: 'waiting' })
})

t.test('control: one that is paused takes one more', { skip }, async (t) => {
  const { redis, queue } = await startQueue(t)
  const { worker, inHand } = await busyWorker(t, redis, queue)
  await worker.pause(true)
  const completed = once(worker, 'completed')
  await queue.add('late', {}, { jobId: 'late' })
  await completed
  t.strictSame(await statesOf(queue), { inHand: 'active', late: 'completed' })
  inHand.open()
})

t.test(
  'a job that takes longer than the drain goes on elsewhere at once, and no page is printed twice',
  { skip },
  async (t) => {
    const { redis, queue } = await startQueue(t)
    const worker = await startWorker(t, redis, { LASTCALL_GRACE_PERIOD_MS: '2000' })
    await queue.add('long', { pages: 60, ms: 50 }, { jobId: 'long' })
    await worker.line('page 3 of report long')
    worker.signal('SIGTERM')
    const { code, report } = await worker.ended
    t.equal(code, 0)
    t.match(report, { verdict: 'clean' })
    t.strictSame(await statesOf(queue), { long: 'waiting' })
    const before = (await printed(redis, 'long')).length
    t.ok(before < 60, `${before} pages`)
    t.match((await queue.getJob('long'))?.data, { printed: before })

    const next = await startWorker(t, redis)
    await next.line('page 59 of report long')
    next.signal('SIGTERM')
    t.equal((await next.ended).code, 0)
    t.strictSame(await printed(redis, 'long'), pages(60))
  },
)

t.test(
  'control: closing the worker waits without a bound; its job has to wait for the lock, and is printed twice',
  { skip },
  async (t) => {
    const { redis, queue } = await startQueue(t)
    const worker = await startWorker(t, redis, { CONTROL: '1', LOCK_MS: '1000' })
    await queue.add('long', { pages: 60, ms: 50 }, { jobId: 'long' })
    await worker.line('page 3 of report long')
    worker.signal('SIGTERM')
    // what a platform does when the grace period is over
    await worker.line('page 40 of report long')
    worker.signal('SIGKILL')
    await worker.ended
    t.strictSame(await statesOf(queue), { long: 'active' })

    const next = await startWorker(t, redis, { LOCK_MS: '1000' })
    await next.line('page 59 of report long')
    next.signal('SIGTERM')
    t.equal((await next.ended).code, 0)
    t.ok((await printed(redis, 'long')).length >= 100)
  },
)

t.test(
  'Redis has died: the worker ends all the same, and says what it could not finish',
  { skip },
  async (t) => {
    const { redis, queue } = await startQueue(t)
    const env = { LASTCALL_GRACE_PERIOD_MS: '2000' }
    const worker = await startWorker(t, redis, env)
    const control = await startWorker(t, redis, { ...env, CONTROL: '1' })
    await queue.add('first', { pages: 100, ms: 100 }, { jobId: 'first' })
    await queue.add('second', { pages: 100, ms: 100 }, { jobId: 'second' })
    await Promise.all([worker.line('page 0'), control.line('page 0')])
    await redis.kill()
    worker.signal('SIGTERM')
    control.signal('SIGTERM')
    const { code, report } = await worker.ended
    t.equal(code, 1)
    t.match(report, { verdict: 'forced', participants: { items: [{ name: 'redis' }, { name: 'worker' }] } })
    t.equal(control.child.exitCode, null, 'control: it is still there')
  },
)

interface TestQueue {
  readonly redis: RedisServer
  readonly queue: Queue
}

async function startQueue(t: Test): Promise<TestQueue> {
  const redis = await startRedis(t)
  const queue = new Queue('reports', { connection: redis.client })
  queue.on('error', () => {})
  return { redis, queue }
}

async function startWorker(
  t: Test,
  redis: RedisServer,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const worker = startProgram(t, [example('bullmq/worker.js')], { env: { REDIS_URL: redis.url, ...env } })
  await worker.line('ready')
  return worker
}

/** One that has a job in hand, and waits for Redis to have another. */
async function busyWorker(
  t: Test,
  redis: RedisServer,
  queue: Queue,
): Promise<{ readonly worker: Worker; readonly inHand: Gate }> {
  const inHand = createGate()
  const process = async ({ id }: Job): Promise<unknown> => (id === 'inHand' ? inHand.pass() : undefined)
  const worker = new Worker('reports', process, { connection: redis.client, concurrency: 2 })
  t.teardown(() => worker.close())
  await queue.add('inHand', {}, { jobId: 'inHand' })
  await inHand.reached
  while (!(await isFetching(redis)));
  return { worker, inHand }
}

/** Whether somebody is blocked in Redis until there is a job. */
const isFetching = async ({ client }: RedisServer): Promise<boolean> =>
  / flags=\w*b\w* .* cmd=bzpopmin /.test(String(await client.client('LIST')))

async function statesOf(queue: Queue): Promise<Record<string, string>> {
  const jobs = await queue.getJobs()
  const states = await Promise.all(jobs.map(async (job) => [String(job.id), await job.getState()] as const))
  return Object.fromEntries(states.sort(([a], [b]) => a.localeCompare(b)))
}

const pages = (count: number): string[] => Array.from({ length: count }, (_, page) => String(page))

const printed = ({ client }: RedisServer, report: string): Promise<string[]> =>
  client.lrange(`printed:${report}`, 0, -1)
