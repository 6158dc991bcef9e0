import type { Ended } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { runUntilSignal } from './run-fixture.js'

t.jobs = 2

const openHandle = /^everything is released, but Timeout keeps the process alive/

const end = (t: Test, way: string, flush: string): Promise<Ended> =>
  runUntilSignal(t, 'buffers', {
    args: [way, flush],
    signal: way === 'second SIGINT' ? 'SIGINT' : 'SIGTERM',
  })

for (const { way, code, lastWords } of [
  { way: 'open handle', code: 0, lastWords: openHandle },
  { way: 'deadline', code: 1, lastWords: /^the shutdown did not end by its deadline/ },
  { way: 'second SIGINT', code: 130, lastWords: /^second SIGINT: exiting at once/ },
]) {
  t.test(`what a logger still holds is written before a process is ended by force: ${way}`, async (t) => {
    const ended = await end(t, way, 'calls back')
    t.equal(ended.code, code)
    t.match(ended.log.at(-1)?.msg, lastWords)
  })

  t.test(`control: a logger that cannot be flushed loses it: ${way}`, async (t) => {
    const ended = await end(t, way, 'none')
    t.equal(ended.code, code)
    t.strictSame(ended.log, [])
  })
}

for (const flush of ['resolves', 'returns', 'throws', 'rejects', 'never calls back']) {
  t.test(`what a logger holds is written, and the process ends, where its flush ${flush}`, async (t) => {
    const ended = await end(t, 'open handle', flush)
    t.equal(ended.code, 0)
    t.match(ended.log.at(-1)?.msg, openHandle)
    t.ok(ended.tookMs < 10_000, `took ${ended.tookMs} ms`)
  })
}
