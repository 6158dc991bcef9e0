import { nestjs, nestjs11, nestjs11OnFastify } from '@lastcall/conformance'
import t from 'tap'
import { startApp } from '#src/app.js'
import { holdTo } from './hold-to.js'

t.test('the same app runs on Nest 11 and on Nest 12', async (test) => {
  for (const [subject, version] of [
    [nestjs, 12],
    [nestjs11, 11],
  ] as const) {
    const app = await startApp(subject, { protocol: 'http' })
    test.teardown(() => app.stop())
    test.match(app.output(), `on Nest ${version}.`)
  }
})

for (const subject of [nestjs11, nestjs11OnFastify]) holdTo(subject)
