import type { Ended } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { runUntilSignal } from './run-fixture.js'

t.jobs = 2

const graceMs = 1_500
const run = (t: Test, how: string): Promise<Ended> =>
  runUntilSignal(t, 'hanging', { args: [how, String(graceMs)] })

for (const how of ['release never settles', 'release keeps a handle']) {
  t.test(`a participant whose ${how} is cut, named, and does not stop the rest`, async (t) => {
    const { code, lines, reports, tookMs } = await run(t, how)
    t.equal(code, 1)
    t.ok(tookMs < graceMs, `took ${tookMs} ms`)
    t.strictSame(lines, ['ready', 'pool closed'])
    t.match(reports[0], {
      verdict: 'forced',
      exitCode: 1,
      participants: {
        count: 2,
        items: [
          { name: 'culprit', cut: true, error: /^Releasing 'culprit' did not finish within \d+ ms$/ },
          { name: 'pool', cut: false, error: undefined },
        ],
      },
    })
  })
}

for (const how of ['release throws', 'release rejects', 'drain throws', 'last call rejects']) {
  t.test(`a participant whose ${how} fails the shutdown and does not stop the rest`, async (t) => {
    const { code, lines, reports, log, tookMs } = await run(t, how)
    t.equal(code, 1)
    t.ok(tookMs < 1_000, `took ${tookMs} ms`)
    t.strictSame(lines, ['ready', 'pool closed'])
    t.match(reports[0], {
      verdict: 'failed',
      exitCode: 1,
      participants: {
        items: [{ name: 'culprit', cut: false, error: 'the socket is gone' }, { name: 'pool' }],
      },
    })
    t.match(
      log.filter(({ level, msg }) => level === 'error' && msg.startsWith('participant')),
      [{ participant: 'culprit', err: { message: 'the socket is gone' } }],
    )
  })
}

for (const how of ['drain never settles', 'lame duck never settles']) {
  t.test(`a participant whose ${how} and holds no handle: the process does not exit 0`, async (t) => {
    const { code, lines, reports, tookMs } = await run(t, how)
    t.equal(code, 1)
    t.ok(tookMs < graceMs, `took ${tookMs} ms`)
    t.strictSame(lines, ['ready', 'pool closed'])
    t.match(reports[0], { verdict: 'forced', participants: { items: [{ name: 'culprit', cut: true }, {}] } })
    t.equal(reports[0]?.phases.find(({ phase }) => phase === 'draining')?.ended, 'its deadline')
  })
}

t.test('a hold that is never released is cut at the deadline and named', async (t) => {
  const { code, lines, reports, log } = await run(t, 'a hold is never released')
  t.equal(code, 1)
  t.strictSame(lines, ['ready', 'pool closed'])
  t.match(reports[0], {
    verdict: 'forced',
    holdsCut: { count: 1, items: [{ kind: 'webhook', label: 'order 4711' }] },
  })
  t.match(
    log.filter(({ level }) => level === 'warn'),
    [{ msg: "hold 'webhook' is cut at the deadline", kind: 'webhook', label: 'order 4711' }],
  )
})

t.test('the same program without a culprit exits 0', async (t) => {
  const { code, lines, reports } = await run(t, 'nothing')
  t.equal(code, 0)
  t.strictSame(lines, ['ready', 'pool closed'])
  t.equal(reports[0]?.verdict, 'clean')
})
