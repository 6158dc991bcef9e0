import t from 'tap'
import { leaveSlowly } from './slow-pipe.js'

t.jobs = 2

const count = 6_000

for (const logger of [
  'console',
  'pino with minLength 1',
  'pino that buffers',
  'pino sync',
  'pino with a transport',
  'winston',
]) {
  for (const { way, lastWords } of [
    { way: 'a clean end', lastWords: 'shutdown on SIGTERM clean' },
    { way: 'an open handle', lastWords: 'keeps the process alive: exiting with 0' },
  ]) {
    t.test(`${logger}: a slow reader gets ${count} lines and the last one after ${way}`, async (t) => {
      const left = await leaveSlowly(t, { logger, way, count })
      t.equal(left.code, 0)
      t.equal(left.lost, 0)
      t.match(left.log, lastWords)
    })
  }
}

for (const logger of ['console', 'winston']) {
  t.test(`control: without Last Call ${logger} loses lines after process.exit`, async (t) => {
    const left = await leaveSlowly(t, { logger, way: 'control: process.exit', count })
    t.comment(`${left.lost} of ${count} lines lost`)
    t.ok(left.lost > 0)
  })
}
