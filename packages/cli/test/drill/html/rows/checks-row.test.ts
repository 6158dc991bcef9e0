import t from 'tap'
import { createScale } from '#src/drill/html/picture/scale.js'
import { drawChecksRow } from '#src/drill/html/rows/checks-row.js'
import type { RecordedCheck } from '#src/drill/observation/recording.js'
import { attribute, findAll, textOf } from '../read-page.js'

const scale = createScale([0, 1_000], [0, 100])
const check = (endMs: number, result: RecordedCheck['result'], status?: number): RecordedCheck => ({
  ...{ result, status, endMs },
  startMs: endMs - 5,
})

t.test('each answer has a shape of its own, and says what it was', async (t) => {
  const checks = [
    check(100, 'ready', 200),
    check(300, 'not-ready', 503),
    check(500, 'refused'),
    check(700, 'unanswered'),
  ]
  const page = `<svg>${drawChecksRow('Readiness', checks, scale).body.markup}</svg>`
  const marks = findAll(
    page,
    (node) => node.parentNode !== null && attribute(node, 'class') !== 'checks' && node.tagName === 'g',
  )
  t.strictSame(
    marks.map((mark) => [attribute(mark, 'class'), mark.childNodes[1]?.nodeName, textOf(mark)]),
    [
      ['ready', 'circle', 'yes (200) at 100 ms, asked at 95 ms'],
      ['not-ready', 'circle', 'no (503) at 300 ms, asked at 295 ms'],
      ['refused', 'path', 'refused at 500 ms, asked at 495 ms'],
      ['unanswered', 'path', 'no answer at 700 ms, asked at 695 ms'],
    ],
  )
})

t.test('marks that are close to each other are smaller', async (t) => {
  const radius = (everyMs: number) => {
    const checks = Array.from({ length: 10 }, (_, nth) => check(nth * everyMs, 'ready', 200))
    const page = `<svg>${drawChecksRow('Readiness', checks, scale).body.markup}</svg>`
    return findAll(page, 'circle').map((circle) => attribute(circle, 'r'))[0]
  }
  t.equal(radius(200), '4')
  t.equal(radius(50), '1.9')
  t.equal(radius(10), '1.5')
})

t.test('checks outside of the picture are left out', async (t) => {
  const checks = [check(-50, 'ready', 200), check(1_050, 'ready', 200)]
  t.notMatch(drawChecksRow('Readiness', checks, scale).body.markup, '<circle')
})
