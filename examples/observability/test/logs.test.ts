import t from 'tap'
import { leave } from './leave.js'

t.jobs = 2

const ways = [
  { way: 'a clean end', code: 0, lastWords: 'shutdown on SIGTERM clean' },
  { way: 'begin', code: 0, lastWords: 'shutdown on the queue is empty clean' },
  { way: 'something that hangs', code: 1, lastWords: 'shutdown on SIGTERM forced' },
  { way: 'an open handle', code: 0, lastWords: 'keeps the process alive: exiting with 0' },
  { way: 'the deadline', code: 1, lastWords: 'did not end by its deadline, exiting with 1' },
  { way: 'a crash', code: 1, lastWords: 'shutdown on uncaughtException failed' },
  { way: 'a second SIGINT', code: 130, lastWords: 'second SIGINT: exiting at once' },
] as const

const destinations = [
  { logger: 'console', to: 'pipe' },
  { logger: 'pino', to: 'file' },
  { logger: 'pino', to: 'pipe' },
  { logger: 'pino that buffers', to: 'file' },
  { logger: 'pino sync', to: 'file' },
  { logger: 'pino with a transport', to: 'file' },
  { logger: 'pino with a transport', to: 'pipe' },
  { logger: 'winston', to: 'file' },
  { logger: 'winston', to: 'pipe' },
] as const

for (const { logger, to } of destinations) {
  for (const { way, code, lastWords } of ways) {
    t.test(`${logger}, to a ${to}: the last line arrives after ${way}`, async (t) => {
      const left = await leave(t, { logger, to, way })
      t.equal(left.code, code)
      t.equal(left.lost, 0)
      t.match(left.log, lastWords)
    })
  }
}

for (const { logger, to, way, count } of [
  { logger: 'pino', to: 'file', way: 'the signal again', count: 500 },
  { logger: 'pino that buffers', to: 'file', way: 'the signal again', count: 500 },
  { logger: 'pino with a transport', to: 'file', way: 'the signal again', count: 500 },
  { logger: 'winston', to: 'file', way: 'the signal again', count: 500 },
  { logger: 'winston', to: 'file', way: 'process.exit', count: 500 },
  { logger: 'console', to: 'pipe', way: 'process.exit', count: 20_000 },
  { logger: 'winston', to: 'pipe', way: 'process.exit', count: 20_000 },
] as const) {
  t.test(`control: without Last Call ${logger} loses lines to a ${to} after ${way}`, async (t) => {
    const left = await leave(t, { logger, to, count, way: `control: ${way}` })
    t.comment(`${left.lost} of ${count} lines lost`)
    t.ok(left.lost > 0)
  })
}

for (const logger of ['pino', 'pino that buffers', 'pino sync', 'pino with a transport']) {
  t.test(`${logger}: process.exit by somebody in the middle loses no line`, async (t) => {
    const left = await leave(t, { logger, to: 'file', way: 'process.exit by somebody' })
    t.equal(left.code, 1)
    t.equal(left.lost, 0)
    t.match(left.log, 'the process ended in the middle of a shutdown, exiting with 1')
  })
}
