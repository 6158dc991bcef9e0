import { ask, startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { example } from '#src/example.js'
import { skipWithoutRedis as skip, startRedis, type RedisServer } from '#src/start-redis.js'

t.test('a pipeline on its way is not cut, and what is in the buffer is written', { skip }, async (t) => {
  const { program, redis } = await startCounting(t)
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  await redis.client.client('UNPAUSE')
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
  t.strictSame(await redis.client.hgetall('views'), { '/sent': '1', '/buffered': '1' })
})

t.test('control: both are lost when the connection is closed after the server', { skip }, async (t) => {
  const { program, redis } = await startCounting(t, { CONTROL: '1' })
  program.signal('SIGTERM')
  t.equal((await program.ended).code, 0)
  await redis.client.client('UNPAUSE')
  t.strictSame(await redis.client.hgetall('views'), {})
})

/** One view is on its way to Redis, which does not answer; another one is in the buffer. */
async function startCounting(
  t: Test,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly program: Program; readonly redis: RedisServer }> {
  const redis = await startRedis(t)
  const program = startProgram(t, [example('ioredis/server.js')], {
    env: { PORT: '0', REDIS_URL: redis.url, ...env },
  })
  const address = { port: await program.port() }
  await redis.client.client('PAUSE', 60_000, 'WRITE')
  t.equal((await ask(address, '/sent')).status, 204)
  while (!/ cmd=hincrby /.test(String(await redis.client.client('LIST'))));
  t.equal((await ask(address, '/buffered')).status, 204)
  return { program, redis }
}
