import t from 'tap'
import { internalsOf } from '#src/internals.js'
import { after, createProcess, fakeServer, never } from './instance.js'

t.test('what a server counts is in the report, phase by phase', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create({ lameDuck: { minMs: 10 } })
  shutdown.ready()
  let requests = 100
  internalsOf(shutdown).serve(
    fakeServer({
      lameDuck: async () => void (requests += 5),
      lastCall: async () => void (requests += 3),
      drain: async () => void (requests += 2),
      snapshot: () => ({
        requests,
        inFlight: 4,
        connections: 7,
        refused: 2,
        cut: [],
        closed: { told: 6, idle: 1, ended: 0, left: 0 },
        gaveUpAccepting: true,
      }),
    }),
  )
  const report = await clock.runUntil(shutdown.begin('test'))
  t.strictSame(
    report.phases.map(({ phase, requests: count }) => [phase, count]),
    [
      ['lame-duck', 5],
      ['last-call', 3],
      ['draining', 2],
      ['releasing', 0],
    ],
  )
  t.match(report, {
    refused: 2,
    connections: { told: 6, idle: 1, ended: 0, left: 0, gaveUpAccepting: true },
  })
  t.ok(report.phases.every(({ inFlight, connections }) => inFlight === 4 && connections === 7))
})

t.test('a server whose drain fails is logged and does not stop the shutdown', async (t) => {
  const { clock, create, said } = createProcess()
  const shutdown = create()
  internalsOf(shutdown).serve(fakeServer({ drain: () => Promise.reject(new Error('no socket')) }))
  const report = await clock.runUntil(shutdown.begin('test'))
  t.equal(report.phases.length, 4)
  t.match(
    said.filter(({ level }) => level === 'error'),
    [{ message: 'draining a server failed', details: { err: { message: 'no socket' } } }],
  )
})

t.test('a server that begins to serve in the middle is taken through what is left', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const hold = shutdown.hold('job')
  const report = shutdown.begin('test')
  await clock.settle()
  t.equal(shutdown.phase, 'draining')
  const called: string[] = []
  internalsOf(shutdown).serve(
    fakeServer({
      lastCall(_, skipped) {
        called.push(`last call, ${skipped ? 'skipped' : 'taken'}`)
        return Promise.resolve()
      },
      drain() {
        called.push('drain')
        return after(clock, 200)
      },
      close: () => void called.push('close'),
    }),
  )
  hold.release()
  t.match(await clock.runUntil(report), { tookMs: 200, verdict: 'clean' })
  t.strictSame(called, ['last call, skipped', 'drain', 'close'])
})

t.test('at the deadline servers are told to cut', async (t) => {
  const { clock, create } = createProcess()
  const shutdown = create()
  const startedAt = clock.now()
  const called: [string, number][] = []
  const note = (what: string) => (): void => void called.push([what, clock.now() - startedAt])
  internalsOf(shutdown).serve(fakeServer({ drain: () => never, cut: note('cut'), close: note('close') }))
  await clock.runUntil(shutdown.begin('test'))
  t.strictSame(called, [
    ['cut', 7_600],
    ['close', 7_600],
  ])
})
