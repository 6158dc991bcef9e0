import { startProgram } from '@lastcall/testing'
import t from 'tap'
import { fixture } from './fixture.js'

for (const EXPRESS of ['express', 'express4']) {
  t.test(
    `${EXPRESS}: a server for each request leaves nothing behind, and the process ends by itself`,
    async (t) => {
      const program = startProgram(t, ['--expose-gc', fixture('many-servers')], { env: { EXPRESS } })
      const { code, lines, log } = await program.ended
      t.strictSame(lines, ['left: 0', 'phase: running', 'listeners: 1'])
      t.strictSame(log, [])
      t.equal(code, 0)
    },
  )
}
