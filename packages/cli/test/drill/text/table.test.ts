import t from 'tap'
import { formatNumber, formatSeconds } from '#src/drill/text/format-number.js'
import { formatTable } from '#src/drill/text/table.js'

t.test('columns are as wide as their widest cell, without blanks at the end of a line', async (t) => {
  const rows = [
    ['name', 'count', 'note'],
    ['a longer name', '7', ''],
  ]
  t.equal(formatTable(rows, ['left', 'right', 'left']), 'name           count  note\na longer name      7')
})

t.test('numbers and times are easy to read', async (t) => {
  t.equal(formatNumber(21_412), '21,412')
  t.equal(formatSeconds(2_949), '2.9 s')
})
