import t from 'tap'
import type { Exchange } from '#src/drill/client.js'
import type { Departure } from '#src/drill/guests.js'
import type { Check } from '#src/drill/health-check.js'
import { watchRestart } from '#src/drill/restart-watch.js'

const target = { name: 'instance 1', host: '127.0.0.1', port: 1 }
const other = { name: 'instance 2', host: '127.0.0.1', port: 2 }

function check(startedAt: number, endedAt: number, rest: Partial<Check> = {}): Check {
  return { target, result: 'ready', status: 200, startedAt, endedAt, ...rest }
}

function exchange(startedAt: number, endedAt: number, rest: Partial<Exchange> = {}): Exchange {
  return { target, method: 'GET', outcome: 'ok', status: 200, told: false, startedAt, endedAt, ...rest }
}

const departure = (openedAt: number, endedAt: number, of = target): Departure => ({
  kind: 'webSocket',
  target: of,
  manner: 'told',
  how: 'close code 1001',
  openedAt,
  endedAt,
})

t.test('health checks between the signal and the exit are kept, of this instance', async (t) => {
  const before = performance.now() - 1
  const watch = watchRestart(target)
  const now = performance.now()
  watch.seeReadiness(check(before, now + 1))
  watch.seeReadiness(check(now, now + 1, { target: other }))
  watch.seeReadiness(check(now + 10, now + 12, { result: 'not-ready', status: 503 }))
  watch.seeLiveness(check(now + 20, now + 22))
  t.match(watch.seen(), {
    readiness: [{ startedMs: 10, endedMs: 12, result: 'not-ready', status: 503 }],
    liveness: [{ startedMs: 20, endedMs: 22, result: 'ready', status: 200 }],
  })
  t.equal(watch.seen().readiness.length, 1)
})

t.test('the first refusal counts, whoever met it', async (t) => {
  const watch = watchRestart(target)
  const now = performance.now()
  watch.seeReadiness(check(now + 300, now + 301, { result: 'refused', status: undefined }))
  watch.seeExchange(exchange(now + 200, now + 202, { outcome: 'refused' }))
  t.equal(watch.seen().refusedAtMs, 202)
  watch.seeRefused(other)
  t.equal(watch.seen().refusedAtMs, 202)
  watch.seeRefused(target)
  t.ok(watch.seen().refusedAtMs < 200)
})

t.test('when nobody was refused, the exit is the end', async (t) => {
  const watch = watchRestart(target)
  watch.exited()
  const { refusedAtMs } = watch.seen()
  t.ok(refusedAtMs < 1_000)
  const now = performance.now()
  watch.seeReadiness(check(now, now + 1, { result: 'refused', status: undefined }))
  t.strictSame(watch.seen().readiness, [])
})

t.test('only what is new on its connection has been accepted late', async (t) => {
  const watch = watchRestart(target)
  const now = performance.now()
  watch.seeExchange(exchange(now, now + 1, { outcome: 'reset', fresh: true }))
  watch.seeExchange(exchange(now, now + 2, { outcome: 'reset', fresh: false }))
  watch.seeLiveness(check(now, now + 3, { result: 'unanswered', status: undefined, error: 'ECONNRESET' }))
  watch.seeLiveness(check(now, now + 4, { result: 'unanswered', status: undefined, error: 'timeout' }))
  t.strictSame(watch.seen().resetAtMs, [1, 3])
})

t.test('goodbyes are those of the process that was told to stop', async (t) => {
  const before = performance.now() - 1
  const watch = watchRestart(target)
  const now = performance.now()
  watch.seeDeparture(departure(before, now + 5))
  watch.seeDeparture(departure(before, before + 0.5))
  watch.seeDeparture(departure(before, now + 5, other))
  watch.exited()
  watch.seeDeparture(departure(performance.now() + 1, performance.now() + 9))
  t.match(watch.seen().goodbyes, [{ manner: 'told', how: 'close code 1001', atMs: 5 }])
  t.equal(watch.seen().goodbyes.length, 1)
})
