import type { Ended } from '@lastcall/testing'
import t from 'tap'
import { runUntilSignal } from './run-fixture.js'

t.jobs = 3

for (const { graceMs, guardMs } of [
  { graceMs: 10_000, guardMs: 9_500 },
  { graceMs: 5_000, guardMs: 4_500 },
  { graceMs: 1_600, guardMs: 1_280 },
]) {
  t.test(`where nothing ever finishes, a grace period of ${graceMs} ms is kept`, async (t) => {
    const run = (): Promise<Ended> => runUntilSignal(t, 'everything-hangs', { args: [String(graceMs)] })
    let ended = await run()
    // a machine that is busy enough makes any program late: the best of three counts
    for (let again = 0; again < 2 && ended.tookMs >= graceMs; again += 1) ended = await run()
    const { code, signal, reports, log, tookMs } = ended
    t.equal(signal, null)
    t.equal(code, 1)
    t.ok(tookMs < graceMs, `took ${tookMs} ms`)
    t.match(reports[0], {
      verdict: 'forced',
      exitCode: 1,
      budget: { graceMs, guardMs },
      holdsCut: { count: 1, items: [{ kind: 'webhook', label: 'order 4711' }] },
      participants: {
        count: 2,
        items: [
          { name: 'pool', cut: true },
          { name: 'consumer', cut: true },
        ],
      },
    })
    const last = log.at(-1)
    t.match(last?.msg, 'everything is released, but Timeout keeps the process alive: exiting with 1')
  })
}
