import t from 'tap'
import { findOut } from '#src/drill/checks/find-out.js'
import { checkLeftBehind } from '#src/drill/checks/left-behind.js'
import { checkSwallowed } from '#src/drill/checks/signal-swallowed.js'
import type { Observed, Processes } from '#src/drill/observation/observed.js'
import { anObserved, aRestart, theProcesses } from '../an-observed.js'

const sh = { pid: 11, parent: 10, command: 'sh -c node server.js' }
const node = { pid: 12, parent: 11, command: 'node server.js' }

/** An app behind something that ended without it. */
function behind(command: string, changed: Partial<Processes> = {}): Observed {
  const signalled = { pid: 10, parent: 1, command }
  const before = { all: [signalled, sh, node], signalled, listeners: [node] }
  const processes = theProcesses({ before, left: [node], portHeld: true, holding: [node], ...changed })
  return anObserved({
    restarts: [aRestart({ processes, stopMs: 13, exitCode: null, exitSignal: 'SIGTERM' })],
  })
}

t.test('the one who listens is the one who was signalled', async (t) => {
  t.match(checkSwallowed(anObserved()), { code: 'signal-swallowed', verdict: 'passed' })
})

t.test('what stands before the app may pass the signal on and wait', async (t) => {
  t.match(checkSwallowed(behind('pnpm start', { left: [] })), { verdict: 'passed' })
})

t.test('what ends without the app is named, with the way to it and what to do', async (t) => {
  for (const [command, name, advice] of [
    [
      'npm start',
      'npm start',
      /^Start the app itself: `node server.js`, .*CMD \["node","server.js"\], and not by npm start\.$/,
    ],
    ['/bin/sh ./start.sh', '/bin/sh', /without a shell\. In a script, write `exec node server.js`/],
    ['my-supervisor', 'my-supervisor', /Or have my-supervisor pass SIGTERM on/],
  ] as const) {
    const finding = checkSwallowed(behind(command))
    t.equal(finding.verdict, 'failed')
    t.strictSame(finding.evidence, [
      `restart 1, instance 1: ${name} ended after 13 ms, and node server.js (pid 12) went on ` +
        `(${command} (pid 10) → sh -c node server.js (pid 11) → node server.js (pid 12))`,
    ])
    t.match(finding.advice, advice)
  }
})

t.test('nothing else is known of an app that was never told', async (t) => {
  const findings = findOut(behind('npm start'))
  const failed = findings.filter(({ verdict }) => verdict === 'failed').map(({ code }) => code)
  t.strictSame(failed, ['signal-swallowed'])
  const unchecked = findings.filter(({ verdict }) => verdict === 'unchecked').map(({ code }) => code)
  t.strictSame(unchecked, [
    ...['readiness-first', 'liveness-kept', 'refused-not-reset', 'exit-code', 'exit-by-signal'],
    ...['grace-period', 'repeated-sigterm', 'children-left', 'port-held'],
  ])
})

t.test('where nobody could be seen to listen it is not known', async (t) => {
  const processes = theProcesses({ before: { all: [node], signalled: node, listeners: [] } })
  t.match(checkSwallowed(anObserved({ restarts: [aRestart({ processes })] })), { verdict: 'unchecked' })
})

t.test('processes and ports that are left behind are two findings', async (t) => {
  const worker = { pid: 20, parent: 12, command: 'node worker.js' }
  const verdicts = (changed: Partial<Processes>): unknown =>
    checkLeftBehind(anObserved({ restarts: [aRestart({ processes: theProcesses(changed) })] })).map(
      ({ code, verdict, evidence }) => [code, verdict, ...evidence],
    )
  t.strictSame(verdicts({}), [
    ['children-left', 'passed'],
    ['port-held', 'passed'],
  ])
  t.strictSame(verdicts({ left: [worker] }), [
    ['children-left', 'failed', 'restart 1, instance 1: node worker.js (pid 20)'],
    ['port-held', 'passed'],
  ])
  t.strictSame(verdicts({ left: [worker], holding: [worker], portHeld: true }), [
    ['children-left', 'failed', 'restart 1, instance 1: node worker.js (pid 20)'],
    ['port-held', 'failed', 'restart 1, instance 1: by node worker.js (pid 20)'],
  ])
})
