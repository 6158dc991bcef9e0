import t from 'tap'
import type { Departure } from '#src/drill/guests/guests.js'
import { watchRestart, type RestartWatch } from '#src/drill/observation/restart-watch.js'
import type { Check } from '#src/drill/probes/health-check.js'
import type { Exchange } from '#src/drill/traffic/client.js'

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

/** Watches a restart on a clock that stands at the signal until it is set. */
function watchAtSignal(): { watch: RestartWatch; at: (ms: number) => void } {
  let ms = 0
  return { watch: watchRestart(target, () => ms), at: (later) => (ms = later) }
}

t.test('health checks between the signal and the exit are kept, of this instance', async (t) => {
  const { watch } = watchAtSignal()
  watch.seeReadiness(check(-1, 1))
  watch.seeReadiness(check(0, 1, { target: other }))
  watch.seeReadiness(check(10, 12, { result: 'not-ready', status: 503 }))
  watch.seeLiveness(check(20, 22))
  t.match(watch.seen(), {
    readiness: [{ startedMs: 10, endedMs: 12, result: 'not-ready', status: 503 }],
    liveness: [{ startedMs: 20, endedMs: 22, result: 'ready', status: 200 }],
  })
  t.equal(watch.seen().readiness.length, 1)
})

t.test('the first refusal counts, whoever met it', async (t) => {
  const { watch, at } = watchAtSignal()
  watch.seeReadiness(check(300, 301, { result: 'refused', status: undefined }))
  watch.seeExchange(exchange(200, 202, { outcome: 'refused' }))
  t.equal(watch.seen().refusedAtMs, 202)
  at(150)
  watch.seeRefused(other)
  t.equal(watch.seen().refusedAtMs, 202)
  watch.seeRefused(target)
  t.equal(watch.seen().refusedAtMs, 150)
})

t.test('when nobody was refused, the exit is the end', async (t) => {
  const { watch, at } = watchAtSignal()
  at(700)
  watch.exited()
  t.equal(watch.seen().refusedAtMs, 700)
  watch.seeReadiness(check(701, 702, { result: 'refused', status: undefined }))
  t.strictSame(watch.seen().readiness, [])
})

t.test('only what is new on its connection has been accepted late', async (t) => {
  const { watch } = watchAtSignal()
  watch.seeExchange(exchange(0, 1, { outcome: 'reset', fresh: true }))
  watch.seeExchange(exchange(0, 2, { outcome: 'reset', fresh: false }))
  watch.seeLiveness(check(0, 3, { result: 'unanswered', status: undefined, error: 'ECONNRESET' }))
  watch.seeLiveness(check(0, 4, { result: 'unanswered', status: undefined, error: 'timeout' }))
  t.strictSame(watch.seen().resetAtMs, [1, 3])
})

t.test('goodbyes are those of the process that was told to stop', async (t) => {
  const { watch, at } = watchAtSignal()
  watch.seeDeparture(departure(-2, 5))
  watch.seeDeparture(departure(-2, -1))
  watch.seeDeparture(departure(-2, 5, other))
  at(8)
  watch.exited()
  watch.seeDeparture(departure(9, 17))
  t.match(watch.seen().goodbyes, [{ manner: 'told', how: 'close code 1001', atMs: 5 }])
  t.equal(watch.seen().goodbyes.length, 1)
})
