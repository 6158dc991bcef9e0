import t from 'tap'
import { startTimeline } from '#src/drill/observation/timeline.js'
import type { Exchange } from '#src/drill/traffic/client.js'

const target = { name: 'instance 1', host: '127.0.0.1', port: 1 }
const other = { name: 'instance 2', host: '127.0.0.1', port: 2 }

function exchange(startedAt: number, endedAt: number, rest: Partial<Exchange> = {}): Exchange {
  return { target, method: 'GET', outcome: 'ok', status: 200, told: false, startedAt, endedAt, ...rest }
}

t.test('a restart is told in the order in which things happened', async (t) => {
  const timeline = startTimeline(target)
  const start = performance.now()
  timeline.seeCheck({ target, result: 'not-ready', status: 503, startedAt: start + 90, endedAt: start + 100 })
  timeline.seeExchange(exchange(start + 300, start + 310, { told: true }))
  timeline.seeExchange(exchange(start + 200, start + 500))
  timeline.seeCheck({
    target,
    result: 'refused',
    status: undefined,
    startedAt: start + 350,
    endedAt: start + 350,
  })
  const events = timeline.events().map(({ event }) => event)
  t.strictSame(events, [
    'SIGTERM sent',
    'health check sees not ready (503)',
    'last request begins',
    'first response that says "Connection: close"',
    'connections are refused',
    'last response received',
  ])
  t.equal(timeline.served(), 2)
})

t.test('what was lost is marked at its first and its last', async (t) => {
  const timeline = startTimeline(target)
  const start = performance.now()
  for (const ms of [10, 20, 30]) timeline.seeExchange(exchange(start, start + ms, { outcome: 'reset' }))
  t.match(timeline.events().slice(1), [
    { event: 'first request lost', atMs: 10 },
    { event: 'last request lost', atMs: 30 },
  ])
  t.equal(timeline.served(), 0)
})

t.test('other instances, and checks from before the signal, are not part of it', async (t) => {
  const before = performance.now()
  const timeline = startTimeline(target)
  timeline.seeExchange(exchange(before, before + 5, { target: other, outcome: 'refused' }))
  timeline.seeCheck({ target, result: 'not-ready', status: 503, startedAt: before - 1, endedAt: before + 9 })
  t.match(timeline.events(), [{ event: 'SIGTERM sent', atMs: 0 }])
})

t.test('after the exit it is the next process that answers', async (t) => {
  const timeline = startTimeline(target)
  timeline.mark('exit, code 0')
  timeline.seeExchange(exchange(performance.now(), performance.now()))
  timeline.mark('started again')
  t.equal(timeline.served(), 0)
  t.strictSame(
    timeline.events().map(({ event }) => event),
    ['SIGTERM sent', 'exit, code 0', 'started again'],
  )
})

t.test(
  'a response to a request from before the signal counts as a response, not as served after it',
  async (t) => {
    const before = performance.now() - 100
    const timeline = startTimeline(target)
    timeline.seeExchange(exchange(before, performance.now() + 50))
    t.equal(timeline.served(), 0)
    t.strictSame(
      timeline.events().map(({ event }) => event),
      ['SIGTERM sent', 'last response received'],
    )
  },
)
