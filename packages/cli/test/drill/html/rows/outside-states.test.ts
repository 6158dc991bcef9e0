import t from 'tap'
import { seeFromOutside } from '#src/drill/html/rows/outside-states.js'
import type { Recording } from '#src/drill/observation/recording.js'
import type { CheckResult } from '#src/drill/probes/health-check.js'
import { here, record } from '../example-drill.js'

const check = (result: CheckResult, endedAt: number) =>
  ({ target: here, result, status: undefined, startedAt: endedAt - 5, endedAt }) as const

const states = (recording: Recording) =>
  seeFromOutside(recording, 4_000).map(({ state, fromMs, toMs }) => [state, fromMs, toMs])

t.test('an instance is told from the checks, and from its exit and its start', async (t) => {
  const checks = [
    check('ready', -80),
    check('not-ready', 120),
    check('not-ready', 320),
    check('refused', 2_500),
  ]
  t.strictSame(states(record({ checks })), [
    ['serving', -Infinity, 120],
    ['not ready', 120, 2_500],
    ['refused', 2_500, 3_000],
    ['exited', 3_000, 3_004],
    ['starting', 3_004, 3_404],
    ['ready', 3_404, 4_000],
  ])
})

t.test('somebody who is refused notices before the next check does', async (t) => {
  const recording = record({ checks: [check('refused', 2_500)] }, { refusedAtMs: 2_401 })
  t.strictSame(states(recording)[1], ['refused', 2_401, 3_000])
})

t.test(
  'an answer to a check that was asked before the exit says nothing about the next process',
  async (t) => {
    const slow = { ...check('ready', 3_100), startedAt: 2_900 }
    t.strictSame(
      states(record({ checks: [slow] })).map(([state]) => state),
      ['serving', 'exited', 'starting', 'ready'],
    )
  },
)

t.test('an instance that is not ready again after it was is shown so', async (t) => {
  const checks = [check('unanswered', 3_500), check('ready', 3_700)]
  t.strictSame(states(record({ checks })).slice(-3), [
    ['ready', 3_404, 3_500],
    ['silent', 3_500, 3_700],
    ['ready', 3_700, 4_000],
  ])
})

t.test('an app that goes on when its wrapper has ended is there until it is gone', async (t) => {
  const checks = [check('ready', 18), check('ready', 200), check('ready', 400), check('refused', 600)]
  const timeline = [{ atMs: 700, event: 'started again' }]
  const recording = record({ checks }, { stopMs: 20, refusedAtMs: 20, timeline })
  t.strictSame(states(recording).slice(0, 3), [
    ['serving', -Infinity, 400],
    ['exited', 400, 700],
    ['starting', 700, 1_100],
  ])
})
