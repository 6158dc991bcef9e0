import t from 'tap'
import { checkLiveness } from '#src/drill/checks/liveness-kept.js'
import { checkReadiness } from '#src/drill/checks/readiness-first.js'
import { checkLateConnections } from '#src/drill/checks/refused-not-reset.js'
import type { ObservedRestart, Probe } from '#src/drill/observation/observed.js'
import { anObserved, aRestart, theProcesses } from '../an-observed.js'

const probe = (endedMs: number, result: Probe['result'], status?: number): Probe => ({
  startedMs: endedMs - 1,
  endedMs,
  result,
  status,
})
const observed = (restart: Partial<ObservedRestart>) => anObserved({ restarts: [aRestart(restart)] })

t.test('readiness has to say no before anybody is refused', async (t) => {
  t.match(checkReadiness(anObserved()), { code: 'readiness-first', verdict: 'passed' })
  const late = observed({
    readiness: [probe(100, 'ready', 200), probe(300, 'ready', 200), probe(400, 'not-ready', 503)],
    refusedAtMs: 350,
  })
  t.match(checkReadiness(late), {
    verdict: 'failed',
    evidence: [
      'restart 1, instance 1: refused 350 ms after the signal; the health check at 300 ms was answered 200',
    ],
  })
})

t.test('readiness that is not asked before the end has not said no', async (t) => {
  t.match(checkReadiness(observed({ readiness: [], refusedAtMs: 3 })), {
    verdict: 'failed',
    evidence: ['restart 1, instance 1: refused 3 ms after the signal, before any health check was answered'],
  })
})

t.test('without a path neither readiness nor liveness is checked', async (t) => {
  const unknown = { readiness: 'GET /readyz answers 404', liveness: 'GET /livez answers 404' }
  t.match(checkReadiness(anObserved({ unknown })), {
    verdict: 'unchecked',
    evidence: ['GET /readyz answers 404'],
    advice: /--ready.*Last Call answers \/readyz/,
  })
  t.match(checkLiveness(anObserved({ unknown })), {
    verdict: 'unchecked',
    evidence: ['GET /livez answers 404'],
    advice: /--live/,
  })
})

t.test('liveness has to say yes for as long as it can be asked', async (t) => {
  t.match(checkLiveness(anObserved()), { code: 'liveness-kept', verdict: 'passed' })
  const denied = {
    liveness: [probe(5, 'ready', 200), probe(100, 'not-ready', 503), probe(200, 'not-ready', 404)],
  }
  t.match(checkLiveness(observed(denied)), {
    verdict: 'failed',
    evidence: ['restart 1, instance 1: status 503, 404, 100 to 200 ms after the signal'],
  })
})

t.test('liveness that is late is a warning, and one that is cut off by the end is not', async (t) => {
  const unanswered = (error: string): Partial<ObservedRestart> => ({
    liveness: [{ ...probe(2_100, 'unanswered'), error }],
  })
  t.match(checkLiveness(observed(unanswered('timeout'))), {
    verdict: 'warning',
    evidence: ['restart 1, instance 1: no answer in time, 2,100 ms after the signal'],
  })
  t.match(checkLiveness(observed(unanswered('ECONNRESET'))), { verdict: 'passed' })
  const processes = theProcesses({ portHeld: true })
  t.match(checkLiveness(observed({ ...unanswered('timeout'), processes })), { verdict: 'passed' })
})

t.test('late connections may be refused, but not reset', async (t) => {
  t.match(checkLateConnections(anObserved()), { code: 'refused-not-reset', verdict: 'passed' })
  t.match(checkLateConnections(observed({ resetAtMs: [702, 703] })), {
    verdict: 'failed',
    evidence: ['restart 1, instance 1: 2 connections, 702 to 703 ms after the signal'],
  })
})

t.test('what an end by force or by the signal cuts is said elsewhere', async (t) => {
  const resetAtMs = [702]
  for (const end of [
    { forced: true },
    { exitSignal: 'SIGTERM' },
    { processes: theProcesses({ portHeld: true }) },
  ]) {
    t.match(checkLateConnections(observed({ resetAtMs, ...end })), { verdict: 'passed' })
  }
})
