import t from 'tap'
import { createPhaseTrack, isBefore, phases } from '#src/phases.js'

t.test('the phases have an order', (t) => {
  t.strictSame(phases, ['starting', 'running', 'lame-duck', 'last-call', 'draining', 'releasing', 'stopped'])
  t.equal(isBefore('running', 'draining'), true)
  t.equal(isBefore('draining', 'draining'), false)
  t.equal(isBefore('stopped', 'starting'), false)
  t.end()
})

t.test('a track moves forward only', (t) => {
  const told: string[] = []
  const track = createPhaseTrack(() => t.fail('nobody throws'))
  track.subscribe((phase) => told.push(phase))
  t.equal(track.current, 'starting')
  t.equal(track.advance('draining'), true)
  t.equal(track.advance('draining'), false)
  t.equal(track.advance('running'), false)
  t.equal(track.current, 'draining')
  t.strictSame(told, ['draining'])
  t.end()
})

t.test('listeners are told before advance returns, and see the phase they are told', (t) => {
  const track = createPhaseTrack(() => t.fail('nobody throws'))
  let seen: string | undefined
  track.subscribe(() => {
    seen = track.current
  })
  track.advance('running')
  t.equal(seen, 'running')
  t.end()
})

t.test('a listener that throws is handed on, and the others are told', async (t) => {
  const errors: unknown[] = []
  const told: string[] = []
  const track = createPhaseTrack((error) => errors.push(error))
  const broken = new Error('broken')
  track.subscribe(() => {
    throw broken
  })
  track.subscribe((phase) => told.push(phase))
  t.equal(track.advance('running'), true)
  t.strictSame(told, ['running'])
  await Promise.resolve()
  t.strictSame(errors, [broken])
})

t.test('a listener that unsubscribes is not told again; one subscribed twice is told twice', (t) => {
  const told: string[] = []
  const track = createPhaseTrack(() => t.fail('nobody throws'))
  const listener = (phase: string): void => void told.push(phase)
  const unsubscribe = track.subscribe(listener)
  track.subscribe(listener)
  track.advance('running')
  unsubscribe()
  unsubscribe()
  track.advance('lame-duck')
  t.strictSame(told, ['running', 'running', 'lame-duck'])
  t.end()
})

t.test('a listener that moves it on does not confuse the others', (t) => {
  const told: string[] = []
  const track = createPhaseTrack(() => t.fail('nobody throws'))
  track.subscribe((phase) => phase === 'running' && track.advance('stopped'))
  track.subscribe((phase) => told.push(phase))
  track.advance('running')
  t.equal(track.current, 'stopped')
  t.ok(told.includes('stopped'))
  t.end()
})
