import t from 'tap'
import { findShutdownReport } from '#src/drill/html/rows/shutdown-report.js'

const phases = [
  { phase: 'lame-duck', tookMs: 1_583, ended: 'quiet', skipped: false },
  { phase: 'last-call', tookMs: 0, ended: 'nothing serves', skipped: true },
]
const line = JSON.stringify({ level: 30, report: { verdict: 'clean', budget: { graceMs: 10_000 }, phases } })

t.test('it is found between the other lines of a log, with or without a prefix', async (t) => {
  const found = {
    verdict: 'clean',
    graceMs: 10_000,
    phases: [
      { phase: 'lame duck', tookMs: 1_583, ended: 'quiet', skipped: false },
      { phase: 'last call', tookMs: 0, ended: 'nothing serves', skipped: true },
    ],
  }
  t.strictSame(findShutdownReport(`listening\n${line}\nbye`), found)
  t.strictSame(findShutdownReport(`12:00:01 INFO ${line}`), found)
})

t.test('an app that says nothing of the kind has none', async (t) => {
  t.equal(findShutdownReport(''), undefined)
  t.equal(findShutdownReport('the "report": {'), undefined)
  t.equal(findShutdownReport(line.slice(40)), undefined)
  for (const report of [null, 7, 'text', [], {}, { phases: 'many' }]) {
    t.equal(findShutdownReport(JSON.stringify({ report, '"report":': 1 })), undefined)
  }
})

t.test('numbers that are none and phases that do not exist are not drawn', async (t) => {
  const strange = [
    { phase: 'draining', tookMs: -5 },
    { phase: 'releasing', tookMs: '1e999' },
    { phase: '<b>' },
    null,
  ]
  t.match(findShutdownReport(JSON.stringify({ report: { phases: strange } })), {
    graceMs: undefined,
    phases: [
      { phase: 'draining', tookMs: 0 },
      { phase: 'releasing', tookMs: 0 },
    ],
  })
})
