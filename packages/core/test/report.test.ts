import t from 'tap'
import { deriveBudget } from '#src/budget.js'
import type { ParticipantRecord } from '#src/participants.js'
import { createReport, summarise, type Facts, type PhaseRecord } from '#src/report.js'
import { addUp, noTraffic, type CutRequest } from '#src/serving.js'

const facts = (given: Partial<Facts> = {}): Facts => ({
  reason: 'SIGTERM',
  tookMs: 2_500,
  budget: deriveBudget(10_000),
  from: 'default',
  phases: [],
  traffic: noTraffic,
  holdsCut: [],
  participants: [],
  crashes: 0,
  keptAlive: {},
  ...given,
})

const participant = (name: string, given: Partial<ParticipantRecord> = {}): ParticipantRecord => ({
  name,
  releaseMs: 1,
  error: undefined,
  cut: false,
  ...given,
})
const cutRequest: CutRequest = { method: 'POST', path: '/orders', ageMs: 900, answered: true }
const phase = (given: Partial<PhaseRecord>): PhaseRecord => ({
  phase: 'lame-duck',
  tookMs: 0,
  ended: 'quiet',
  skipped: false,
  requests: 0,
  inFlight: 0,
  connections: 0,
  holds: 0,
  ...given,
})

t.test('where everything finished, the verdict is clean and the exit code 0', (t) => {
  t.strictSame(createReport(facts()), {
    reason: 'SIGTERM',
    verdict: 'clean',
    exitCode: 0,
    tookMs: 2_500,
    budget: { ...deriveBudget(10_000), from: 'default', leftMs: 7_500 },
    phases: [],
    refused: 0,
    cut: { count: 0, items: [] },
    connections: { told: 0, idle: 0, ended: 0, left: 0, gaveUpAccepting: false },
    holdsCut: { count: 0, items: [] },
    participants: { count: 0, items: [] },
    crashes: 0,
    keptAlive: {},
  })
  t.end()
})

for (const { what, given, verdict } of [
  {
    what: 'a request that was cut',
    given: { traffic: { ...noTraffic, cut: [cutRequest] } },
    verdict: 'forced',
  },
  {
    what: 'a hold that was cut',
    given: { holdsCut: [{ kind: 'job', label: undefined, ageMs: 1 }] },
    verdict: 'forced',
  },
  {
    what: 'a participant that was cut',
    given: { participants: [participant('pool', { cut: true, error: 'too slow' })] },
    verdict: 'forced',
  },
  {
    what: 'a participant that failed',
    given: { participants: [participant('pool', { error: 'gone' })] },
    verdict: 'failed',
  },
  {
    what: 'one that failed beside one that was cut',
    given: {
      participants: [
        participant('pool', { cut: true, error: 'too slow' }),
        participant('app', { error: 'gone' }),
      ],
    },
    verdict: 'failed',
  },
  { what: 'a crash', given: { crashes: 1 }, verdict: 'failed' },
] as const) {
  t.test(`${what} makes it ${verdict}, with exit code 1`, (t) => {
    t.match(createReport(facts(given)), { verdict, exitCode: 1 })
    t.end()
  })
}

t.test('requests answered 503 alone leave it clean', (t) => {
  t.match(createReport(facts({ traffic: { ...noTraffic, refused: 3 } })), { verdict: 'clean', refused: 3 })
  t.end()
})

t.test('lists hold at most 20 entries, and how many there were', (t) => {
  const many = Array.from({ length: 50 }, (_, index) => index)
  const { cut, holdsCut, participants } = createReport(
    facts({
      traffic: { ...noTraffic, cut: many.map(() => cutRequest) },
      holdsCut: many.map((index) => ({ kind: `job ${index}`, label: undefined, ageMs: 0 })),
      participants: many.map((index) => participant(`pool ${index}`)),
    }),
  )
  t.strictSame([cut.count, cut.items.length], [50, 20])
  t.strictSame([holdsCut.count, holdsCut.items.length], [50, 20])
  t.strictSame([participants.count, participants.items.length], [50, 20])
  t.end()
})

t.test('participants that were cut or failed come first, and are never left out for happy ones', (t) => {
  const many = Array.from({ length: 30 }, (_, index) => participant(`pool ${index}`))
  const { participants } = createReport(
    facts({
      participants: [...many, participant('late', { cut: true }), participant('gone', { error: 'gone' })],
    }),
  )
  t.strictSame(
    participants.items.slice(0, 3).map(({ name }) => name),
    ['late', 'gone', 'pool 0'],
  )
  t.end()
})

t.test('the summary says what the deploy cost, in one line', (t) => {
  t.equal(
    summarise(
      createReport(
        facts({
          phases: [phase({ requests: 10 }), phase({ phase: 'draining', requests: 5 })],
          traffic: { ...noTraffic, refused: 4, cut: [cutRequest] },
          holdsCut: [{ kind: 'job', label: undefined, ageMs: 0 }],
          participants: [
            participant('fine'),
            participant('pool', { error: 'gone' }),
            participant('app', { cut: true }),
          ],
        }),
      ),
    ),
    'shutdown on SIGTERM failed in 2500 of 10000 ms; 11 requests served, 4 answered 503, 1 cut; 1 holds cut; ' +
      'unfinished or failed: pool, app',
  )
  t.equal(
    summarise(createReport(facts())),
    'shutdown on SIGTERM clean in 2500 of 10000 ms; 0 requests served, 0 answered 503, 0 cut',
  )
  t.end()
})

t.test('the traffic of several servers is added up', (t) => {
  const one = { ...noTraffic, requests: 1, inFlight: 2, connections: 3, refused: 4, cut: [cutRequest] }
  const two = {
    ...noTraffic,
    requests: 10,
    closed: { told: 1, idle: 2, ended: 3, left: 4 },
    gaveUpAccepting: true,
  }
  t.strictSame(addUp(one, two), {
    requests: 11,
    inFlight: 2,
    connections: 3,
    refused: 4,
    cut: [cutRequest],
    closed: { told: 1, idle: 2, ended: 3, left: 4 },
    gaveUpAccepting: true,
  })
  t.end()
})
