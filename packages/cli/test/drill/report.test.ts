import t from 'tap'
import { createReport } from '#src/drill/report.js'
import { chooseRestart, formatReport } from '#src/drill/text/format-report.js'
import { anObserved, aRestart } from './an-observed.js'

t.test('what is observed beside the results is in the findings, and nowhere else', async (t) => {
  const report = createReport(anObserved())
  t.match(report, { passed: true, leftOut: [], durationMs: 12_345 })
  t.notOk('losses' in report)
  t.strictSame(Object.keys(report.restarts[0] ?? {}), [
    ...['number', 'instance', 'exitCode', 'exitSignal', 'forced', 'stopMs', 'startMs', 'requests', 'lost'],
    ...['servedAfterSignal', 'timeline'],
  ])
})

t.test('one finding that has failed fails the drill, and a warning does not', async (t) => {
  t.equal(createReport(anObserved({ restarts: [aRestart({ exitCode: 1 })] })).passed, false)
  const warned = createReport(anObserved({ restarts: [aRestart({ stopMs: 9_000 })] }))
  t.ok(warned.findings.some(({ verdict }) => verdict === 'warning'))
  t.equal(warned.passed, true)
})

t.test('headers are not told: they may be secret', async (t) => {
  const { options } = anObserved()
  const report = createReport(
    anObserved({ options: { ...options, headers: { authorization: 'Bearer 4711' } } }),
  )
  t.strictSame(report.options.headers, { authorization: '…' })
})

t.test('the text says what was sent, what each restart cost, and how it was judged', async (t) => {
  const text = formatReport(createReport(anObserved({ restarts: [aRestart()] })))
  t.match(text, 'In 12.3 s:')
  t.match(text, /requests +2,000 {2}1,400 GET, 600 POST/)
  t.match(text, /POSTs answered +600/)
  t.match(text, /^ +1 +1 +0 +2,949 ms +400 ms +2,000 +0$/m)
  t.match(text, 'restart 1, instance 1: 321 requests that began after the signal were served')
  t.match(text, /^Passed: none of 2,000 requests was lost in 1 restart$/m)
})

t.test('what was asked for is said, and what was left out', async (t) => {
  const text = formatReport(createReport(anObserved({ leftOut: ['GET /slow (answers 404)'] })))
  t.match(
    text,
    'Asked for: GET /orders/latest, POST /orders\nLeft out: GET /slow (answers 404)\nName the paths',
  )
})

t.test('the restart shown is the worst one, or else an ordinary one', async (t) => {
  const all = [100, 900, 500].map((stopMs, index) => aRestart({ number: index + 1, stopMs }))
  t.equal(chooseRestart(all)?.number, 3)
  t.equal(chooseRestart(all.map((one) => ({ ...one, lost: one.number === 2 ? 4 : 1 })))?.number, 2)
  t.equal(chooseRestart([]), undefined)
})
