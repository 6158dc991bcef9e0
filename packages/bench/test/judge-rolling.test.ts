import t from 'tap'
import { judgeRolling } from '#src/judge-rolling.js'
import type { Measured } from '#src/rolling-cells.js'
import type { Front, Restart } from '#src/stack.js'
import { lostPost, measured, restart, restarts } from './restarts.js'

const lossy = restart({ lost: [lostPost] })
const control = measured('control', 'haproxy', [lossy])
const ours = (front: Front, of: readonly Restart[]): Measured => measured('ours', front, of)
const passes = (...cells: readonly Measured[]): boolean =>
  judgeRolling([...cells, control]).every(({ fails }) => !fails)

t.test('a run in which ours loses nothing and the control something passes', async (t) => {
  t.ok(passes(ours('haproxy', restarts(6)), ours('nginx', restarts(6)), ours('direct', restarts(6))))
})

t.test('behind HAProxy and without a balancer not one request may be lost', async (t) => {
  for (const front of ['haproxy', 'direct'] as const) {
    t.notOk(passes(ours(front, [...restarts(999), lossy])), front)
  }
})

t.test('what only HAProxy has counted is a loss', async (t) => {
  t.notOk(passes(ours('haproxy', [restart({ errors: { connecting: 0, responding: 1 } })])))
  t.ok(passes(ours('haproxy', [restart({ errors: { connecting: 0, responding: 0 } })])))
})

t.test('behind nginx one restart in 200 may lose something, and one of fewer', async (t) => {
  t.ok(passes(ours('nginx', [...restarts(2), lossy])))
  t.notOk(passes(ours('nginx', [restart(), lossy, lossy])))
  t.ok(passes(ours('nginx', [...restarts(199), lossy])))
  t.notOk(passes(ours('nginx', [...restarts(198), lossy, lossy])))
  t.ok(passes(ours('nginx', [...restarts(398), lossy, lossy])))
})

t.test('an exit that is not 0, or that was forced, fails behind anything', async (t) => {
  t.notOk(passes(ours('nginx', [restart({ exitCode: 1 })])))
  t.notOk(passes(ours('direct', [restart({ exitCode: null, exitSignal: 'SIGTERM' })])))
  t.notOk(passes(ours('haproxy', [restart({ forced: true })])))
})

t.test('a control that loses nothing proves nothing, whatever it does behind nginx', async (t) => {
  const fails = (...cells: readonly Measured[]): boolean => judgeRolling(cells).some((one) => one.fails)
  t.ok(fails(measured('control', 'haproxy', restarts(3)), measured('control', 'nginx', [lossy])))
  t.notOk(fails(measured('control', 'haproxy', restarts(3)), measured('control', 'direct', [lossy])))
})

t.test('a run without a control behind them says so', async (t) => {
  const [finding] = judgeRolling([measured('control', 'nginx', restarts(3))])
  t.strictSame(finding, { text: 'no control behind HAProxy or without a balancer', fails: false })
})

t.test('behind HAProxy an exit is held to the bound of its own report, in a long run', async (t) => {
  const late = restart({ stopMs: 2_900, exitBoundMs: 2_800 })
  t.notOk(passes(ours('haproxy', [...restarts(49), late])))
  t.ok(passes(ours('haproxy', [...restarts(48), late])))
  t.ok(passes(ours('direct', [...restarts(49), late])))
  const [finding] = judgeRolling([ours('haproxy', [restart({ stopMs: 2_950 }), late])])
  t.match(finding?.text, /exit after 2\.9 s \(at most 2\.8 s\)$/)
})

t.test('an app that never reports its shutdown fails', async (t) => {
  t.notOk(passes(ours('haproxy', restarts(3, { exitBoundMs: undefined }))))
})

t.test('a run that measures nothing fails', async (t) => {
  t.strictSame(judgeRolling([]), [{ text: 'nothing was measured', fails: true }])
})

t.test('peers are not judged', async (t) => {
  t.ok(passes(measured('peer', 'haproxy', [lossy])))
})
