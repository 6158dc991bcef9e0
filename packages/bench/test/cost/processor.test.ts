import t from 'tap'
import { judgeProcessor } from '#src/cost/processor.js'
import type { Processor } from '#src/cost/processor.js'

const exactly = (median: number) => ({ median, low: median - 0.01, high: median + 0.01 })

const result = (title: string, ratio: number, oursToThis?: number, counts = true): Processor => ({
  product: { title, app: title, modules: [title], packageName: title, counts },
  bare: 20,
  added: 1,
  ratio: exactly(ratio),
  oursToThis: oursToThis === undefined ? undefined : exactly(oursToThis),
})

t.test('ours passes as long as the target is within its interval', async (t) => {
  t.strictSame(judgeProcessor([result('ours', 1.029)], 1.02), [])
  t.match(judgeProcessor([result('ours', 1.031)], 1.02), [/^ours: at least 1\.021 times/])
})

t.test('a control that is not itself proves nothing', async (t) => {
  const control = (ratio: number): Processor => ({ ...result('', ratio, 1), product: undefined })
  t.strictSame(judgeProcessor([control(1.009), control(0.991)], 1.02), [])
  t.match(judgeProcessor([control(1.02)], 1.02), [/1\.020 times itself/])
})

t.test('ours must cost less than a peer that counts requests too', async (t) => {
  const ours = result('ours', 1.01)
  t.strictSame(judgeProcessor([ours, result('peer', 1.03, 0.98)], 1.02), [])
  t.match(judgeProcessor([ours, result('peer', 1.005, 1.005)], 1.02), [/^ours costs 1\.005 times .* peer/])
  t.strictSame(judgeProcessor([ours, result('idle peer', 1, 1.01, false)], 1.02), [])
})
