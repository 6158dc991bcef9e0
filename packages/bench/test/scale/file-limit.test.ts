import t from 'tap'
import { checkFileLimit } from '#src/scale/file-limit.js'

t.test('a crowd for which there are not enough files is refused with what to do', async (t) => {
  t.doesNotThrow(() => checkFileLimit(10))
  t.throws(() => checkFileLimit(10 ** 10), /ulimit -n .*--connections/)
})
