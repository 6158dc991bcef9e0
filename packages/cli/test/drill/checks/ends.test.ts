import t from 'tap'
import { checkExit } from '#src/drill/checks/exit.js'
import { checkGrace } from '#src/drill/checks/grace-period.js'
import { checkRepeated } from '#src/drill/checks/repeated-sigterm.js'
import type { ObservedRestart } from '#src/drill/observation/observed.js'
import { anObserved, aRestart, theProcesses } from '../an-observed.js'

const observed = (...restarts: readonly Partial<ObservedRestart>[]) =>
  anObserved({ restarts: restarts.map((changed, place) => aRestart({ number: place + 1, ...changed })) })

t.test('an exit code and an end by a signal are two findings', async (t) => {
  const verdicts = (changed: Partial<ObservedRestart>): unknown =>
    checkExit(observed(changed)).map(({ code, verdict, evidence }) => [code, verdict, ...evidence])
  t.strictSame(verdicts({}), [
    ['exit-code', 'passed'],
    ['exit-by-signal', 'passed'],
  ])
  t.strictSame(verdicts({ exitCode: 3 }), [
    ['exit-code', 'failed', 'restart 1, instance 1: exit code 3 after 2,949 ms'],
    ['exit-by-signal', 'passed'],
  ])
  t.strictSame(verdicts({ exitCode: null, exitSignal: 'SIGTERM' }), [
    ['exit-code', 'passed'],
    ['exit-by-signal', 'failed', 'restart 1, instance 1: ended by SIGTERM after 2,949 ms'],
  ])
  t.strictSame(verdicts({ exitCode: null, exitSignal: 'SIGKILL', forced: true }), [
    ['exit-code', 'passed'],
    ['exit-by-signal', 'passed'],
  ])
})

t.test('what stands before the app is named as what ended', async (t) => {
  const pnpm = { pid: 10, parent: 1, command: 'pnpm start' }
  const node = { pid: 12, parent: 11, command: 'node server.js' }
  const processes = theProcesses({ before: { all: [pnpm, node], signalled: pnpm, listeners: [node] } })
  const [, finding] = checkExit(observed({ exitCode: null, exitSignal: 'SIGTERM', processes }))
  t.match(finding, { verdict: 'failed', advice: /^So ended pnpm start, whatever the app behind it did/ })
})

t.test('the grace period is kept, nearly used up, or over', async (t) => {
  t.match(checkGrace(observed({ stopMs: 8_000 })), { code: 'grace-period', verdict: 'passed' })
  t.match(checkGrace(observed({ stopMs: 100 }, { stopMs: 8_001 }, { stopMs: 50 })), {
    verdict: 'warning',
    title: 'The app uses 80 % of its grace period of 10,000 ms',
    evidence: ['restart 2, instance 1: 8,001 ms, the longest'],
  })
  t.match(checkGrace(observed({}, { forced: true, stopMs: 10_012 })), {
    verdict: 'failed',
    evidence: ['restart 2, instance 1: stopped by force after 10,012 ms'],
  })
})

t.test('a repeated signal has to change nothing', async (t) => {
  t.match(checkRepeated(anObserved()), { code: 'repeated-sigterm', verdict: 'passed' })
  const verdict = (once: Partial<ObservedRestart>, repeated: Partial<ObservedRestart>): unknown =>
    checkRepeated(observed(once, { signals: 3, ...repeated })).verdict
  const bySignal = { exitCode: null, exitSignal: 'SIGTERM' }
  t.equal(verdict({}, { exitCode: 1 }), 'failed')
  t.equal(verdict({}, bySignal), 'failed')
  t.equal(verdict({}, { lost: 3 }), 'failed')
  t.equal(verdict(bySignal, bySignal), 'passed')
  t.equal(verdict({ lost: 1 }, { lost: 3 }), 'passed')
  t.equal(verdict(bySignal, { ...bySignal, lost: 3 }), 'passed')
})

t.test('the evidence says what it changed', async (t) => {
  t.strictSame(checkRepeated(observed({}, { signals: 3, exitCode: 1, lost: 3 })).evidence, [
    'restart 2, instance 1, sent 3 times: exit code 1 instead of exit code 0, 3 requests lost',
  ])
})

t.test('with one restart there is nothing to compare', async (t) => {
  t.match(checkRepeated(observed({})), { verdict: 'unchecked', advice: /--restarts/ })
})

t.test('an app that has gone before the signal could be repeated passes', async (t) => {
  t.match(checkRepeated(observed({}, {})), { verdict: 'passed' })
})
