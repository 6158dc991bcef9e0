import t from 'tap'
import { createScale } from '#src/drill/html/picture/scale.js'
import { drawConnectionsRow } from '#src/drill/html/rows/connections-row.js'
import { attribute, findAll } from '../read-page.js'

t.test('connections are a line of steps between none and the most there were', async (t) => {
  const scale = createScale([0, 100], [0, 100])
  const counts = [
    { atMs: -20, open: 2 },
    { atMs: 40, open: 4 },
    { atMs: 90, open: 0 },
  ]
  const { body, notes, height } = drawConnectionsRow(counts, scale)
  t.equal(height, 40)
  t.strictSame(notes, [{ text: 'at most 4' }])
  const [, line] = findAll(`<svg>${body.markup}</svg>`, 'path')
  t.equal(line && attribute(line, 'd'), 'M0 40H0V21H40V2H90V40H100')
})

t.test('an instance without any connection has a flat line', async (t) => {
  const { body, notes } = drawConnectionsRow([], createScale([0, 100], [0, 100]))
  t.strictSame(notes, [{ text: 'at most 0' }])
  t.match(body.markup, 'd="M0 40H100"')
})
