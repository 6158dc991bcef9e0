import t from 'tap'
import { drillFixture, problems } from '../../run-lastcall.js'

t.jobs = 2

/** With one restart there is nothing to compare a repeated signal with. */
const once = { 'repeated-sigterm': 'unchecked' } as const

/** Each of these apps does one thing wrong. */
for (const [name, expected, ...args] of [
  ['perfect', once],
  ['seems-dead', { ...once, 'liveness-kept': 'failed' }],
  ['resets-late-comers', { ...once, 'refused-not-reset': 'failed' }],
  ['shuts-down-with-1', { ...once, 'exit-code': 'failed' }],
  ['raises-the-signal-again', { ...once, 'exit-by-signal': 'failed' }],
  ['leaves-a-child', { ...once, 'children-left': 'failed' }],
  ['leaves-its-port', { ...once, 'children-left': 'failed', 'port-held': 'failed' }],
  ['stores-twice', { ...once, 'stored-twice': 'failed' }],
  ['forgets-rows', { ...once, 'stored-missing': 'failed' }],
  ['says-goodbye', once, '--websocket', '/socket', '--event-stream', '/events'],
  [
    'cuts-guests',
    { ...once, 'websocket-goodbye': 'failed', 'event-stream-goodbye': 'failed' },
    ...['--websocket', '/socket', '--event-stream', '/events'],
  ],
] as const) {
  t.test(`${name}: ${Object.keys(expected).join(', ')}`, async (t) => {
    const { report, exitCode } = await drillFixture(name, '--restarts', '1', ...args)
    t.strictSame(problems(report), expected, { findings: report.findings })
    t.equal(exitCode, Object.values<string>(expected).includes('failed') ? 1 : 0)
  })
}
