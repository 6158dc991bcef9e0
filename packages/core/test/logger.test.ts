import t, { type Test } from 'tap'
import { defaultLogger, guardLogger } from '#src/logger.js'

/** What the default logger writes to stderr. */
function written(t: Test, write: () => void): unknown[] {
  const calls = t.capture(console, 'error')
  write()
  return calls().map(({ args }) => JSON.parse(String(args[0])) as unknown)
}

t.test('one line of JSON per entry', (t) => {
  t.strictSame(
    written(t, () => {
      defaultLogger.info({ phase: 'draining', ms: 12 }, 'draining')
      defaultLogger.warn({}, 'careful')
      defaultLogger.error({ code: 1 }, 'broken')
    }),
    [
      { level: 'info', name: 'lastcall', msg: 'draining', phase: 'draining', ms: 12 },
      { level: 'warn', name: 'lastcall', msg: 'careful' },
      { level: 'error', name: 'lastcall', msg: 'broken', code: 1 },
    ],
  )
  t.end()
})

t.test('an error is written with its message, stack, cause and own fields', (t) => {
  const err = Object.assign(new Error('no database', { cause: new Error('refused') }), {
    code: 'ECONNREFUSED',
  })
  t.match(
    written(t, () => defaultLogger.error({ err }, 'failed')),
    [
      {
        msg: 'failed',
        err: {
          message: 'no database',
          code: 'ECONNREFUSED',
          stack: /^Error: no database\n +at /,
          cause: { message: 'refused', stack: /^Error: refused/ },
        },
      },
    ],
  )
  t.end()
})

t.test('an error that cannot be written as JSON is not lost', (t) => {
  const circular = Object.assign(new Error('timeout of 1000 ms exceeded'), { request: {} })
  Object.assign(circular.request, { agent: circular.request })
  const big = Object.assign(new Error('out of range'), { offset: 10n })
  for (const err of [circular, big]) {
    const [line] = written(t, () => defaultLogger.error({ participant: 'pool', err }, 'failed'))
    t.match(line, { level: 'error', name: 'lastcall', msg: 'failed' })
    t.match(JSON.stringify(line), err.message)
    t.match(JSON.stringify(line), 'pool')
  }
  t.end()
})

t.test('a logger that throws is kept from stopping a shutdown', (t) => {
  const broken = (): never => {
    throw new Error('broken')
  }
  const logger = guardLogger({ info: broken, warn: broken, error: broken })
  logger.info({}, 'a')
  logger.warn({}, 'b')
  logger.error({}, 'c')
  t.end()
})

t.test('a guarded logger calls the methods of its own object', (t) => {
  class Own {
    readonly lines: string[] = []
    info(_: object, message: string): void {
      this.lines.push(`info ${message}`)
    }
    warn(_: object, message: string): void {
      this.lines.push(`warn ${message}`)
    }
    error(_: object, message: string): void {
      this.lines.push(`error ${message}`)
    }
  }
  const own = new Own()
  const logger = guardLogger(own)
  logger.info({}, 'a')
  logger.warn({}, 'b')
  logger.error({}, 'c')
  t.strictSame(own.lines, ['info a', 'warn b', 'error c'])
  t.end()
})

t.test('a logger that several instances share is flushed once, by a method of its own object', async (t) => {
  class Own {
    flushes = 0
    info(): void {}
    warn(): void {}
    error(): void {}
    flush(done: () => void): void {
      this.flushes += 1
      done()
    }
  }
  const own = new Own()
  await Promise.all([guardLogger(own).flush(), guardLogger(own).flush()])
  t.equal(own.flushes, 1)
})
