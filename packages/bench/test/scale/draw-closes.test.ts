import t from 'tap'
import { drawCloses } from '#src/scale/draw-closes.js'

const lines = (picture: string): string[] =>
  [...picture.matchAll(/<polyline points="([^"]*)"/g)].map(([, points = '']) => points)

t.test('a curve goes from nobody at the bottom to everybody at the top', async (t) => {
  const [line = ''] = lines(drawCloses([{ name: 'one', times: [4_000, 0, 2_000] }]))
  const points = line.split(' ')
  t.equal(points[0], '48.0,280.0')
  t.equal(points.at(-1), '624.0,16.0')
  t.equal(points.length, 101)
})

t.test('all curves share the scale of the slowest', async (t) => {
  const [fast = '', slow = ''] = lines(
    drawCloses([
      { name: 'fast', times: [0, 1_000] },
      { name: 'slow', times: [0, 2_000] },
    ]),
  )
  t.equal(fast.split(' ').at(-1), '336.0,16.0')
  t.equal(slow.split(' ').at(-1), '624.0,16.0')
})

t.test('names are text, not markup', async (t) => {
  t.match(drawCloses([{ name: 'a < b & c', times: [1] }]), /a &lt; b &amp; c/)
})

t.test('what is not measured is dashed', async (t) => {
  const picture = drawCloses([
    { name: 'ideal', times: [0, 1], ideal: true },
    { name: 'real', times: [0, 1] },
  ])
  t.equal(picture.split('stroke-dasharray').length - 1, 1)
})
