import { ShutdownError } from '@lastcall/core'
import t from 'tap'
import { badOption, notAServer, notAShutdown, timedOut, tooLate } from '#src/errors.js'

t.test('an error carries its code, its name and its cause', (t) => {
  const cause = new Error('refused')
  const error = new ShutdownError('ERR_LASTCALL_TIMEOUT', 'too late', { cause })
  t.ok(error instanceof Error)
  t.equal(error.name, 'ShutdownError')
  t.equal(error.code, 'ERR_LASTCALL_TIMEOUT')
  t.equal(error.cause, cause)
  t.equal(String(error), 'ShutdownError: too late')
  t.end()
})

t.test('a value is shown short and without its contents', (t) => {
  const shown = (value: unknown): string => badOption('x', value, 'good').message.replace(/^.*, not /, '')
  t.equal(shown('a'.repeat(200)), `'${'a'.repeat(80)}'`)
  t.equal(shown({ password: 'secret' }), 'an object')
  t.equal(shown(['secret']), 'an array of 1')
  t.equal(
    shown(() => 'secret'),
    'a function',
  )
  t.equal(shown(undefined), 'undefined')
  t.equal(shown(null), 'null')
  t.equal(shown(1n), '1n')
  t.equal(shown(Symbol('s')), 'Symbol(s)')
  t.end()
})

t.test('each message says what happened, to what, by how much', (t) => {
  for (const [error, code, message] of [
    [
      timedOut('postgres', 'Releasing', 4_999.6),
      'ERR_LASTCALL_TIMEOUT',
      "Releasing 'postgres' did not finish within 5000 ms",
    ],
    [
      tooLate("Registering 'postgres'", 'stopped'),
      'ERR_LASTCALL_TOO_LATE',
      "Registering 'postgres' is refused: the shutdown is already stopped",
    ],
    [
      notAShutdown('app'),
      'ERR_LASTCALL_NOT_A_SHUTDOWN',
      "Expected what createShutdown() or getShutdown() returned, not 'app'",
    ],
    [
      notAServer({}),
      'ERR_LASTCALL_NOT_A_SERVER',
      'drainServer needs a server of node:http, node:https or node:http2, not an object',
    ],
  ] as const) {
    t.equal(error.code, code)
    t.equal(error.message, message)
  }
  t.end()
})
