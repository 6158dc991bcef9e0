import t from 'tap'
import type { Finding } from '#src/drill/checks/finding.js'
import { createReport } from '#src/drill/report.js'
import type { DrillReport } from '#src/drill/report.js'
import { formatVerdict } from '#src/drill/text/format-verdict.js'
import { anObserved } from '../an-observed.js'

const fine: Finding = { code: 'exit-code', verdict: 'passed', title: 'fine', evidence: [] }
const wrong: Finding = {
  code: 'port-held',
  verdict: 'failed',
  title: 'The port was taken',
  evidence: ['restart 1', 'restart 2'],
  advice: 'Let go of it.',
}

function format(findings: readonly Finding[], changed: Partial<DrillReport> = {}): string {
  const passed = findings.every(({ verdict }) => verdict !== 'failed')
  return formatVerdict({ ...createReport(anObserved()), findings, passed, ...changed })
}

t.test('a drill that passed says so, and what is fine in one line', async (t) => {
  const text = format([fine, { ...fine, code: 'grace-period' }])
  t.equal(
    text,
    `What is fine:
  exit-code, grace-period

Passed: none of 2,000 requests was lost in 2 restarts`,
  )
})

t.test('the last line says what was lost', async (t) => {
  const { traffic } = anObserved()
  const text = format([wrong], { traffic: { ...traffic, requests: 3_400, lost: 12 } })
  t.match(text, /\n\nFailed: 12 of 3,400 requests were lost in 2 restarts$/)
})

t.test('each finding has its evidence and its advice, the worst last, before the verdict', async (t) => {
  const text = format([
    fine,
    {
      ...wrong,
      code: 'grace-period',
      verdict: 'warning',
      title: 'It is slow',
      evidence: [],
      advice: 'Be quick.',
    },
    {
      ...wrong,
      code: 'liveness-kept',
      verdict: 'unchecked',
      title: 'Not known',
      evidence: ['404'],
      advice: 'Add it.',
    },
    wrong,
  ])
  t.equal(
    text,
    `What is fine:
  exit-code

What could not be checked:
  liveness-kept: Not known
    - 404
    > Add it.

What may go wrong:
  grace-period: It is slow
    > Be quick.

What failed:
  port-held: The port was taken
    - restart 1
    - restart 2
    > Let go of it.

Failed: none of 2,000 requests was lost in 2 restarts, but 1 check failed`,
  )
})

t.test('findings for one and the same reason are told once', async (t) => {
  const text = format([wrong, { ...wrong, code: 'children-left' }])
  t.match(text, '  port-held, children-left: The port was taken\n')
})

t.test('long lines are broken between words', async (t) => {
  const text = format([{ ...wrong, advice: 'one two '.repeat(20).trim() }])
  t.ok(text.split('\n').every((line) => line.length <= 80))
  t.match(text, /^ {4}> one two .*\n {6}(one|two) /m)
})
