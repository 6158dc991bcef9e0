import t from 'tap'
import { createRecorder } from '#src/drill/observation/recorder.js'
import type { Exchange } from '#src/drill/traffic/client.js'
import { exchange, here, restart, there } from '../html/example-drill.js'

/** A recorder on a clock that is set by hand. */
function createClocked(restarts: number) {
  const clock = { ms: 10_000 }
  const recorder = createRecorder(restarts, () => clock.ms)
  const end = (outcome: Exchange['outcome'], target = here): void =>
    recorder.seeExchange(exchange(clock.ms - 2, clock.ms, outcome, target))
  return { clock, recorder, end }
}

t.test('each restart has what was seen from a little before its signal to the next', async (t) => {
  const { clock, recorder, end } = createClocked(2)
  end('ok')
  clock.ms = 11_000
  recorder.begin(here)
  clock.ms = 11_050
  end('reset')
  recorder.hear('first')
  clock.ms = 14_000
  recorder.end(restart)
  end('refused', there)
  clock.ms = 14_100
  recorder.begin(there)
  end('ok')
  recorder.hear('second')
  clock.ms = 16_000
  recorder.end({ ...restart, number: 2, instance: there.name })
  clock.ms = 16_500
  end('other')

  t.match(recorder.recordings(), [
    {
      output: 'first',
      result: { number: 1 },
      countedToMs: 3_000,
      requests: [
        { outcome: 'ok', instance: 'instance 1', startMs: -1_002, endMs: -1_000 },
        { outcome: 'reset', endMs: 50 },
        { outcome: 'refused', instance: 'instance 2', endMs: 3_000 },
      ],
    },
    {
      output: 'second',
      result: { number: 2 },
      countedToMs: 1_900,
      requests: [
        { outcome: 'refused', endMs: -100 },
        { outcome: 'ok', endMs: 0 },
        { outcome: 'other', endMs: 2_400 },
      ],
    },
  ])
  t.strictSame(
    recorder.recordings().map(({ requests }) => requests.length),
    [3, 3],
  )
})

t.test('what is lost is always kept, and of the rest an even part', async (t) => {
  const { clock, recorder, end } = createClocked(400)
  recorder.begin(here)
  for (let nth = 0; nth < 1_000; nth++) {
    clock.ms++
    end(nth % 10 === 0 ? 'reset' : 'ok')
  }
  recorder.end(restart)
  const [recording] = recorder.recordings()
  const requests = recording?.requests ?? []
  const kept = requests.filter(({ outcome }) => outcome === 'ok').map(({ endMs }) => endMs)
  t.equal(requests.length - kept.length, 100)
  t.equal(kept.length, 100)
  t.equal(recording?.notKept, 800)
  const gaps = kept.slice(1).map((at, index) => at - (kept[index] ?? at))
  t.ok(Math.max(...gaps) < 15, `${Math.max(...gaps)} ms`)
})

t.test('connections are counted for each instance, over all restarts', async (t) => {
  const recorder = createRecorder(2)
  recorder.seeConnection(here, true)
  recorder.seeConnection(there, true)
  recorder.seeConnection(here, true)
  recorder.begin(there)
  recorder.seeConnection(here, false)
  recorder.end({ ...restart, instance: there.name })
  recorder.begin(here)
  recorder.seeConnection(here, false)
  recorder.end(restart)
  const counts = recorder.recordings().map(({ connections }) => connections.map(({ open }) => open))
  t.strictSame(counts, [[1], [1, 2, 1, 0]])
})

t.test('only checks of the instance that is restarted are kept', async (t) => {
  const recorder = createRecorder(1)
  const check = {
    result: 'ready',
    status: 200,
    startedAt: performance.now(),
    endedAt: performance.now(),
  } as const
  recorder.begin(here)
  recorder.seeCheck({ ...check, target: here })
  recorder.seeCheck({ ...check, target: there })
  recorder.end(restart)
  t.equal(recorder.recordings()[0]?.readiness.length, 1)
})
