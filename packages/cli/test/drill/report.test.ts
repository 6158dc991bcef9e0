import t from 'tap'
import { chooseRestart, formatReport } from '#src/drill/format-report.js'
import { createReport } from '#src/drill/report.js'
import type { Observed, RestartResult } from '#src/drill/report.js'

const restart: RestartResult = {
  number: 1,
  instance: 'instance 1',
  exitCode: 0,
  exitSignal: null,
  forced: false,
  stopMs: 2_949,
  startMs: 400,
  requests: 2_000,
  lost: 0,
  servedAfterSignal: 321,
  timeline: [{ atMs: 0, event: 'SIGTERM sent' }],
}

const observed: Observed = {
  options: {
    command: ['node', 'server.js'],
    restarts: 1,
    instances: 2,
    graceMs: 10_000,
    readyTimeoutMs: 30_000,
    clients: 40,
    seed: 1,
    paths: { ready: '/readyz', get: '/', post: '/', list: '/', slow: '/', large: '/' },
  },
  leftOut: [],
  durationMs: 12_345,
  traffic: {
    requests: 2_000,
    gets: 1_400,
    posts: 600,
    lost: 0,
    outcomes: { ok: 2_000, refused: 0, reset: 0, truncated: 0, timedOut: 0, serverError: 0, other: 0 },
  },
  rows: { answered: 600, missing: [], duplicates: [], storedUnanswered: 0 },
  restarts: [restart],
}

const titles = (changed: Partial<Observed>): readonly string[] =>
  createReport({ ...observed, ...changed }).findings.map(({ title }) => title)

t.test('nothing lost and every exit code 0 is passed', async (t) => {
  t.match(createReport(observed), { passed: true, findings: [] })
})

t.test('each kind of failure is a reason', async (t) => {
  t.strictSame(titles({ traffic: { ...observed.traffic, lost: 3 } }), ['3 of 2000 requests were lost'])
  t.strictSame(titles({ rows: { answered: 2, missing: ['a'], duplicates: ['b'], storedUnanswered: 0 } }), [
    '1 answered POSTs are in no database',
    '1 POSTs are stored more than once',
  ])
  t.strictSame(titles({ restarts: [{ ...restart, exitCode: 1 }] }), ['restart 1 ended with exit code 1'])
  t.strictSame(titles({ restarts: [{ ...restart, exitCode: null, exitSignal: 'SIGTERM' }] }), [
    'restart 1 ended by SIGTERM',
  ])
  t.strictSame(titles({ restarts: [{ ...restart, exitCode: null, exitSignal: 'SIGKILL', forced: true }] }), [
    'restart 1 was still running after 2949 ms and had to be stopped by force',
  ])
})

t.test('the text says what was sent, what each restart cost, and how it was judged', async (t) => {
  const text = formatReport(createReport(observed))
  t.match(text, 'In 12.3 s:')
  t.match(text, /requests +2,000 {2}1,400 GET, 600 POST/)
  t.match(text, /POSTs answered +600/)
  t.match(text, /^ +1 +1 +0 +2,949 ms +400 ms +2,000 +0$/m)
  t.match(text, 'restart 1, instance 1: 321 requests that began after the signal were served')
  t.ok(text.endsWith('Passed: nothing was lost in 1 restarts, and each ended with exit code 0.'))
})

t.test('what was left out or not checked is said', async (t) => {
  const text = formatReport(
    createReport({ ...observed, rows: undefined, leftOut: ['GET /slow (answers 404)'] }),
  )
  t.match(text, 'Left out: GET /slow (answers 404)')
  t.match(text, 'Not checked: whether what was posted is stored')
})

t.test('the restart shown is the worst one, or else an ordinary one', async (t) => {
  const all = [100, 900, 500].map((stopMs, index) => ({ ...restart, number: index + 1, stopMs }))
  t.equal(chooseRestart(all)?.number, 3)
  t.equal(chooseRestart(all.map((one) => ({ ...one, lost: one.number === 2 ? 4 : 1 })))?.number, 2)
  t.equal(chooseRestart([]), undefined)
})
