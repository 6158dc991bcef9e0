import { losesNothing, losesSomething, stopUnderTraffic, underTraffic } from '@lastcall/testing'
import t from 'tap'
import { frameworks } from './frameworks.js'
import { startFixture } from './start-fixture.js'

for (const { title, platform, args } of frameworks) {
  t.test(`${title}: SIGTERM loses nothing`, async (t) => {
    const program = startFixture(t, 'app', { platform, options: underTraffic }, args)
    await losesNothing(t, program, { port: await program.port() })
  })

  t.test(`${title}, control: the same app without the module loses requests`, async (t) => {
    await losesSomething(t, async () => {
      const program = startFixture(t, 'app', { platform, control: true }, args)
      return (await stopUnderTraffic(program, { port: await program.port() })).lost
    })
  })
}
