import { ask } from '@lastcall/testing'
import t from 'tap'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

const options = { gracePeriodMs: 10_000, lameDuck: { minMs: 2_000 } }

for (const { title, args } of versions) {
  t.test(`${title}: a health check of @nestjs/terminus is down in lame duck`, async (t) => {
    const program = startFixture(t, 'health', { options }, args)
    const address = { port: await program.port() }
    t.match(await ask(address, '/health'), { status: 200, body: /"shutdown":\{"status":"up"/ })
    program.signal('SIGTERM')
    await program.line('"phase":"lame-duck"')
    t.match(await ask(address, '/health'), { status: 503, body: /"shutdown":\{"status":"down"/ })
    t.equal((await program.ended).code, 0)
  })
}
