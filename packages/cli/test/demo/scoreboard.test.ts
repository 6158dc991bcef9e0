import t from 'tap'
import { createScoreboard } from '#src/demo/scoreboard.js'

const restarted = (lost: number) => ({
  number: 1,
  instance: 'instance 1',
  exitCode: 0,
  exitSignal: null,
  forced: false,
  stopMs: 1,
  startMs: 1,
  requests: 100,
  lost,
  servedAfterSignal: 0,
  timeline: [],
})

t.test('a restart is told when both have had it', async (t) => {
  const told: string[] = []
  const scoreboard = createScoreboard({ show() {}, log: (text) => void told.push(text), clear() {} }, 2)
  const [left, right] = [scoreboard.follow('left'), scoreboard.follow('right')]
  left.onRestart?.(restarted(0))
  left.onRestart?.(restarted(1))
  t.strictSame(told, [])
  right.onRestart?.(restarted(7))
  t.strictSame(told, ['restart 1 of 2: left lost 0, right lost 7'])
  right.onRestart?.(restarted(8))
  t.strictSame(told[1], 'restart 2 of 2: left lost 1, right lost 8')
  scoreboard.stop()
})
