import * as fc from 'fast-check'
import t from 'tap'
import { packLanes } from '#src/drill/html/picture/lanes.js'
import type { Span } from '#src/drill/html/picture/lanes.js'

const anySpans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 80 })), { maxLength: 80 })
  .map((pairs) => pairs.map(([left, width]): Span => ({ left, right: left + width })))
const anyGap = fc.integer({ min: 0, max: 5 })
const span = (item: Span): Span => item

t.test('every span has a place, and none is in the way of another', async () => {
  fc.assert(
    fc.property(anySpans, anyGap, (spans, gap) => {
      const { placed, leftOver, count } = packLanes(spans, { span, gap })
      if (leftOver.length > 0 || placed.length !== spans.length) return false
      if (new Set(placed.map(({ item }) => item)).size !== spans.length) return false
      return placed.every(
        (a, index) =>
          a.lane >= 0 &&
          a.lane < count &&
          placed
            .slice(index + 1)
            .every(
              (b) =>
                b.lane !== a.lane || b.item.left >= a.item.right + gap || a.item.left >= b.item.right + gap,
            ),
      )
    }),
  )
})

t.test('there are no more lanes than spans that lie over each other', async () => {
  fc.assert(
    fc.property(anySpans, (spans) => {
      const wide = spans.map(({ left, right }) => ({ left, right: right + 1 }))
      const depth = (at: number): number => wide.filter(({ left, right }) => left <= at && right > at).length
      const deepest = wide.reduce((most, { left }) => Math.max(most, depth(left)), 0)
      return packLanes(wide, { span, gap: 0 }).count === deepest
    }),
  )
})

t.test('what finds none of the lanes allowed is handed back', async () => {
  fc.assert(
    fc.property(anySpans, fc.integer({ min: 1, max: 4 }), (spans, most) => {
      const { placed, leftOver, count } = packLanes(spans, { span, gap: 0, most })
      return count <= most && placed.length + leftOver.length === spans.length
    }),
  )
})
