import t from 'tap'
import { frameworks } from './frameworks.js'
import { startFixture } from './start-fixture.js'

for (const { title, platform, args } of frameworks) {
  t.test(
    `${title}: app.close() in tests leaves no listener and no handle, and does not end the process`,
    async (t) => {
      const program = startFixture(t, 'testing-modules', { platform }, args)
      const { lines, code, signal } = await program.ended
      const last = lines.slice(-2)
      t.equal(lines.filter((line) => line === 'readyz 200').length, 3)
      t.strictSame(last, ['listeners left 0 0 0 0', 'ended by itself with 0'])
      t.strictSame({ code, signal }, { code: 0, signal: null })
    },
  )
}
