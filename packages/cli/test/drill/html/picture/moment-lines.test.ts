import * as fc from 'fast-check'
import t from 'tap'
import { estimateWidth } from '#src/drill/html/picture/fitting-text.js'
import { layOutMoments } from '#src/drill/html/picture/moment-lines.js'
import { createScale } from '#src/drill/html/picture/scale.js'
import { attribute, findAll, textOf } from '../read-page.js'

const scale = createScale([-400, 4_000], [132, 952])

/** The labels as drawn: where each is, and what it says. */
function labelsOf(moments: readonly number[]) {
  const named = moments.map((atMs, index) => ({ atMs, label: `moment ${index} at ${atMs} ms`, kind: 'exit' }))
  const page = `<svg>${layOutMoments(named, scale).draw(300).markup}</svg>`
  return findAll(page, 'text').map((element) => {
    const text = textOf(element)
    const x = Number(attribute(element, 'x'))
    const width = estimateWidth(text, 12)
    const left = attribute(element, 'text-anchor') === 'end' ? x - width : x
    return { text, left, right: left + width, y: Number(attribute(element, 'y')) }
  })
}

t.test('no label lies over another, and none is cut off', async () => {
  const anyMoments = fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(anyMoments, (moments) => {
      const labels = labelsOf(moments)
      return (
        labels.length === moments.length &&
        labels.every((a) => a.left >= 132 && a.right <= 952) &&
        labels.every((a, index) =>
          labels.slice(index + 1).every((b) => a.y !== b.y || a.right < b.left || b.right < a.left),
        )
      )
    }),
  )
})

t.test('a moment after the end of the picture is named, but has no line', async (t) => {
  const moments = [
    { atMs: 0, label: 'SIGTERM', kind: 'signal' },
    { atMs: 10_000, label: 'the end', kind: 'deadline' },
  ]
  const page = `<svg>${layOutMoments(moments, scale).draw(300).markup}</svg>`
  t.strictSame(findAll(page, 'text').map(textOf), ['SIGTERM', 'the end →'])
  t.strictSame(
    findAll(page, 'path').map((path) => attribute(path, 'class')),
    ['signal'],
  )
})
