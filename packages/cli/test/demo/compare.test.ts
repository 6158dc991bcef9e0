import t from 'tap'
import { formatComparison } from '#src/demo/compare.js'
import { drillFixture } from '../run-lastcall.js'

t.test('two drills stand side by side', async (t) => {
  const [good, bad] = await Promise.all([
    drillFixture('perfect', '--restarts', '1'),
    drillFixture('drops-everything', '--restarts', '1'),
  ])
  const text = formatComparison([
    { title: 'good', report: good.report },
    { title: 'bad', report: bad.report },
  ])
  t.match(text, /^ +good +bad$/m)
  t.match(text, /^requests lost +0 +[1-9]\d*$/m)
  t.match(text, /^exits with code 0 +1 of 1 +1 of 1$/m)
  t.match(text, /^stopped by force +0 of 1 +0 of 1$/m)
  t.match(text, /^signal to exit, median +\d+\.\d s +\d+\.\d s$/m)
  const [first = ''] = text.split('\n')
  t.ok(text.split('\n').every(({ length }) => length === first.length))
})
