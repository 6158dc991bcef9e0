import t from 'tap'
import { smallestPath, startMeteredApp } from '#src/cost/metered-app.js'
import { monotonicNow, openIdleCrowd } from '#src/scale/idle-crowd.js'

t.test('everybody is connected at once, and when each was closed is noted', async (t) => {
  const app = await startMeteredApp('plain-close')
  t.teardown(app.dispose)
  const crowd = await openIdleCrowd(app.target, smallestPath, 150)
  const from = monotonicNow()
  const { exitCode, loop, ms } = await app.stop()
  const times = await crowd.closed
  t.equal(times.length, 150)
  t.ok(times.every((time) => time > from))
  t.equal(exitCode, 0)
  t.ok(loop && loop.maxMs <= ms, 'the delay of its loop is told at the exit')
})
